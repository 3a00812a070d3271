using System.Runtime.InteropServices;

namespace KafkaCaching.Native;

/// <summary>Flushes a directory to disk with fsync(2) on Linux, so that the renaming of a file in it is not lost if the machine
/// fails.</summary>
internal static partial class DirectoryFlush
{
    // O_RDONLY is 0. O_DIRECTORY is left out because its value depends on the processor: that of x64 means O_DIRECT on Arm64, with which
    // no directory can be opened.
    private const int ReadOnly = 0x80000; // O_RDONLY | O_CLOEXEC

    /// <exception cref="IOException">The system reports an error.</exception>
    public static void Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var directory = Open(path, ReadOnly);
        if (directory < 0)
            throw Failed(path);
        var failed = Sync(directory) < 0 ? Failed(path) : null;
        _ = Close(directory);
        if (failed is not null)
            throw failed;
    }

    private static IOException Failed(string path) =>
        new($"The directory '{path}' can't be written to the disk: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
