// Writes `name.gz` beside each text file of the web build, so that the server need not compress at every request.
import { createReadStream, createWriteStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(js|css|html|svg|json|webmanifest)$/;
const WORTH_IT = 1024;

async function compressFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await compressFolder(path);
    else if (TEXT.test(entry.name) && (await stat(path)).size >= WORTH_IT) {
      const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
      await pipeline(createReadStream(path), gzip, createWriteStream(`${path}.gz`));
    }
  }
}

export function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle: { order: "post", sequential: true, handler: () => compressFolder(folder) },
  };
}
