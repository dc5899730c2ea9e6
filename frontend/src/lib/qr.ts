import { encode } from "uqr";

/** Drawing is a QR code as the path of an SVG, one unit a module. */
export interface Drawing {
  readonly size: number;
  readonly path: string;
}

/** drawQR draws text; nothing leaves the browser for it. */
export function drawQR(text: string): Drawing {
  const { size, data } = encode(text, { ecc: "M", border: 4 });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return { size, path };
}
