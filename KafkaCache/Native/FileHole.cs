using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KafkaCaching.Native;

/// <summary>Deallocates parts of a file with fallocate(2) on Linux. The length of the file does not change, and the deallocated parts read
/// as zeros.</summary>
internal static partial class FileHole
{
    private const int KeepSizeAndPunchHole = 1 | 2; // FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE

    /// <summary>Deallocates a part of a file. If the operating system or the file system does not support this, the file stays as it
    /// is.</summary>
    public static void Make(SafeFileHandle file, long at, long bytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Allocate(file, KeepSizeAndPunchHole, at, bytes);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // The C library has another name on this system. The only effect is that the file occupies more disk space.
        }
    }

    [LibraryImport("libc", EntryPoint = "fallocate")]
    private static partial int Allocate(SafeFileHandle file, int mode, long at, long bytes);
}
