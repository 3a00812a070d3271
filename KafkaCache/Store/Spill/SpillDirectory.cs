namespace KafkaCaching.Store.Spill;

/// <summary>Creates a cache's spill file under a unique name. The file is locked as long as its owner runs, so the files of a killed
/// process can be recognized and deleted.</summary>
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
            var prefix = CacheFileNames.PrefixOf(cacheName) + "-";
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
                // A file is first created and then locked. In the meantime, another cache that starts may consider the file abandoned, lock
                // it and delete it.
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
                // The file is locked by a running process, has already been deleted, or belongs to another user. In each case, this process
                // must not delete it.
            }
        }
    }
}
