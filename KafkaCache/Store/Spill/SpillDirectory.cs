using System.Security.Cryptography;
using System.Text;

namespace KafkaCaching.Store.Spill;

/// <summary>Makes a cache's spill file. Its name can't collide with another's, and the file is locked while its owner lives, so that the
/// files of a process that was killed can be told apart and cleared away.</summary>
internal static class SpillDirectory
{
    private const string Extension = ".spill";
    private const int Attempts = 20;

    /// <exception cref="IOException">The directory can't be used.</exception>
    public static SpillFile CreateFile(string directory, string cacheName)
    {
        try
        {
            Directory.CreateDirectory(directory);
            // Hashed: a name may hold what a path may not.
            var prefix = "kafkacache-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cacheName)))[..16] + "-";
            ClearAbandoned(directory, prefix);
            return CreateLocked(directory, prefix);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"Store.SpillDirectory '{directory}' can't be used: {e.Message}", e);
        }
    }

    private static SpillFile CreateLocked(string directory, string prefix)
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = Path.Combine(directory, $"{prefix}{Guid.NewGuid():N}{Extension}");
            try
            {
                return new(
                    path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose));
            }
            catch (IOException) when (attempt < Attempts)
            {
                // A file is made first and locked then. In between another cache that starts may take it for abandoned, lock it and clear
                // it away.
            }
        }
    }

    private static void ClearAbandoned(string directory, string prefix)
    {
        foreach (var path in Directory.EnumerateFiles(directory, prefix + "*" + Extension))
        {
            try
            {
                File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Locked: its owner lives. Or gone, or another user's: not ours to clear either way.
            }
        }
    }
}
