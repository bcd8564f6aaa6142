// The message board as a child of another process: it ends when that one does, however it ends.
import "../../board/server";

process.once("disconnect", () => process.kill(process.pid, "SIGINT"));
