using System.Security.Cryptography;
using System.Text;

namespace KafkaCaching.Store;

/// <summary>Makes a cache's spill file. Its name can't collide with another's, and the file is locked while its owner lives, so that the files of
/// a process that was killed can be told apart and cleared away.</summary>
internal static class SpillDirectory
{
    private const string Extension = ".spill";

    /// <exception cref="IOException">The directory can't be used.</exception>
    public static SpillFile CreateFile(string directory, string cacheName)
    {
        try
        {
            Directory.CreateDirectory(directory);
            // Hashed: a name may hold what a path may not.
            var prefix = "kafkacache-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cacheName)))[..16] + "-";
            ClearAbandoned(directory, prefix);
            var path = Path.Combine(directory, $"{prefix}{Guid.NewGuid():N}{Extension}");
            var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            return new(path, handle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"Store.SpillDirectory '{directory}' can't be used: {e.Message}", e);
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
