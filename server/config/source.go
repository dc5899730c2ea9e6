package config

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"
)

const envPrefix = "CONCLAVE_"

// addSources lets ctx find what no flag says in the environment and, behind
// it, in the settings file.
func addSources(ctx *kong.Context, environ []string) error {
	fromEnv := koanf.New(".")
	if err := fromEnv.Load(environment(environ), nil); err != nil {
		return fmt.Errorf("read the environment: %w", err)
	}
	settings := koanf.New(".")
	if path := configPath(ctx, fromEnv); path != "" {
		if err := loadFile(settings, path, names(ctx)); err != nil {
			return err
		}
	}
	if err := settings.Merge(fromEnv); err != nil {
		return fmt.Errorf("merge settings: %w", err)
	}
	known := names(ctx)
	ctx.AddResolver(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if !slices.Contains(known, flag.Name) {
			return nil, nil // of one command only: CONCLAVE_NAME says nothing
		}
		return settings.Get(flag.Name), nil
	}))
	return nil
}

// environment reads CONCLAVE_SITE_URL as site-url. Names that are no settings
// are passed over: container platforms invent some. So is an empty value.
func environment(environ []string) koanf.Provider {
	return env.Provider("", env.Opt{
		Prefix: envPrefix,
		TransformFunc: func(name, value string) (string, any) {
			if value == "" {
				return "", nil
			}
			name = strings.TrimPrefix(name, envPrefix)
			return strings.ToLower(strings.ReplaceAll(name, "_", "-")), value
		},
		EnvironFunc: func() []string { return environ },
	})
}

// configPath returns where the settings file is, or nothing.
func configPath(ctx *kong.Context, fromEnv *koanf.Koanf) string {
	for _, flag := range ctx.Flags() {
		if flag.Name != "config" {
			continue
		}
		if path, ok := ctx.FlagValue(flag).(string); ok && path != "" {
			return path
		}
	}
	return fromEnv.String("config")
}

// names lists the settings: the flags of serve. Those of other commands say what
// is to be done once.
func names(ctx *kong.Context) (names []string) {
	for _, command := range ctx.Model.Leaves(true) {
		if command.Name != "serve" {
			continue
		}
		for _, flag := range command.Flags {
			names = append(names, flag.Name)
		}
	}
	return names
}

// loadFile reads the YAML file at path. A name that is no setting is an error:
// a misspelt setting must not be passed over.
func loadFile(settings *koanf.Koanf, path string, known []string) error {
	content, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return fmt.Errorf("--config: cannot read the file: %w", err)
	}
	values, err := yaml.Parser().Unmarshal(content)
	if err != nil {
		return fmt.Errorf("--config: %s is not YAML: %w", path, err)
	}
	for name := range values {
		if !slices.Contains(known, name) {
			return fmt.Errorf("--config: %s: %q is not a setting; the settings are the flags in conclave --help, without their dashes", path, name)
		}
	}
	return settings.Load(confmap.Provider(values, ""), nil)
}
