package auth

import (
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(3, 10*time.Second)
		for range 3 {
			if err := throttle.Take("a"); err != nil {
				t.Fatalf("Take = %v", err)
			}
		}
		var tooMany TooManyError
		if err := throttle.Take("a"); !errors.As(err, &tooMany) || tooMany.Wait != 10*time.Second {
			t.Fatalf("Take of a fourth = %v, wait %v", err, tooMany.Wait)
		}
		if err := throttle.Take("b"); err != nil {
			t.Errorf("another key: %v", err)
		}
		if err := throttle.Take("a", "b"); err != nil {
			t.Errorf("a key of two parts: %v", err)
		}

		time.Sleep(4 * time.Second)
		if err := throttle.Take("a"); !errors.As(err, &tooMany) || tooMany.Wait.Round(time.Second) != 6*time.Second {
			t.Errorf("Take after 4 s = %v, wait %v", err, tooMany.Wait)
		}
		time.Sleep(6 * time.Second)
		if err := throttle.Take("a"); err != nil {
			t.Errorf("Take after 10 s = %v", err)
		}
		if err := throttle.Take("a"); err == nil {
			t.Error("one came back, two were taken")
		}
	})
}

func TestThrottleGivesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(1, time.Hour)
		for range 100 {
			if err := throttle.Take("a"); err != nil {
				t.Fatalf("Take after giving back = %v", err)
			}
			throttle.GiveBack("a")
		}
		if n := len(throttle.keys); n != 0 {
			t.Errorf("%d keys are remembered that owe nothing", n)
		}
		throttle.GiveBack("b") // never taken: no credit
		if err := throttle.Take("b"); err != nil {
			t.Fatal(err)
		}
		if err := throttle.Take("b"); err == nil {
			t.Error("giving back what was not taken made a try")
		}
	})
}

func TestThrottleForgetsTheQuietest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(1, time.Hour)
		for i := range maxKeys {
			_ = throttle.Take(strconv.Itoa(i))
		}
		if err := throttle.Take("0"); err == nil {
			t.Error("a full throttle forgot a key")
		}
		_ = throttle.Take("one more")
		if len(throttle.keys) != maxKeys || throttle.order.Len() != maxKeys {
			t.Errorf("%d keys, %d in order", len(throttle.keys), throttle.order.Len())
		}
		if err := throttle.Take("0"); err == nil {
			t.Error("the key that was used last is forgotten")
		}
		if err := throttle.Take("1"); err != nil {
			t.Error("the key that was quiet the longest is remembered")
		}
	})
}
