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
    /// <returns>Whether the part was deallocated.</returns>
    public static bool TryMake(SafeFileHandle file, long at, long bytes)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return Allocate(file, KeepSizeAndPunchHole, at, bytes) == 0;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // The C library has another name on this system, or no fallocate. The only effect is that the file occupies more disk space.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "fallocate")]
    private static partial int Allocate(SafeFileHandle file, int mode, long at, long bytes);
}
