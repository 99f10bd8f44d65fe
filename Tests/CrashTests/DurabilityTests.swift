#if os(Linux)
  import FoundationEssentials
  import SowTestSupport
  import Testing

  /// What is asked of the disk, and in which order: seen by a library that stands between.
  struct DurabilityTests {
    private static let scene = CrashScene(
      name: "durable", options: "{ atomic: true }", customers: 3)

    /// Notes each sync and rename with the file's name, then does it.
    private static let library = """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <fcntl.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <unistd.h>

      static void note(const char *what, const char *name) {
        int log = open(getenv("SYNC_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0600);
        dprintf(log, "%s %s\\n", what, name);
        close(log);
      }

      static void note_descriptor(int descriptor) {
        char link[64], path[4096];
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        ssize_t count = readlink(link, path, sizeof path - 1);
        path[count < 0 ? 0 : count] = 0;
        const char *name = strrchr(path, '/');
        note("sync", name ? name + 1 : path);
      }

      int fsync(int descriptor) {
        note_descriptor(descriptor);
        return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
      }

      int fdatasync(int descriptor) {
        note_descriptor(descriptor);
        return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
      }

      int rename(const char *old, const char *new) {
        const char *name = strrchr(new, '/');
        note("rename", name ? name + 1 : new);
        return ((int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename"))(old, new);
      }
      """

    /// Whether there is a compiler of C, as beside every Swift toolchain.
    private static let compiler = ["cc", "clang", "gcc"].first { name in
      guard let project = try? TemporaryProject() else { return false }
      defer { project.remove() }
      return (try? project.run("command -v \(name)"))?.code == 0
    }

    @Test(.enabled(if: compiler != nil, "there is no compiler of C"))
    func `the lockfile is on the disk before the commit, and its name after it`() throws {
      let project = try Self.scene.prepare()
      defer { project.remove() }
      try project.write(Self.library, to: "../sync.c")
      let built = try project.run(
        "\(Self.compiler ?? "cc") -shared -fPIC -o ../sync.so ../sync.c -ldl")
      try #require(built.code == 0, "\(built.errors)")
      let output = try project.run(
        "SYNC_LOG=$PWD/../log LD_PRELOAD=$PWD/../sync.so exec sow apply --yes")
      #expect(output.code == 0, "\(output.errors)")
      let log = try project.run("cat ../log").out.split(separator: "\n").map(String.init)
      let name = "shop.local.lock.json"
      let staged = try #require(log.firstIndex(of: "sync .\(name).tmp"), "\(log)")
      let committed = try #require(log.lastIndex(of: "sync \(CrashScene.database)"), "\(log)")
      let renamed = try #require(log.firstIndex(of: "rename \(name)"), "\(log)")
      let closed = try #require(log.lastIndex(of: "sync plans"), "\(log)")
      #expect(staged < committed && committed < renamed && renamed < closed, "\(log)")
    }
  }
#endif
