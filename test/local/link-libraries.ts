import { linkLibraries } from "../../local/server-binaries";

// Run by a test as a process of its own.
linkLibraries(process.argv[2] ?? "");
