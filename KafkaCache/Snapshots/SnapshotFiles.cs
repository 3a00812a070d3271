using KafkaCaching.Native;
using KafkaCaching.Store;

namespace KafkaCaching.Snapshots;

/// <summary>The files of one cache's snapshots. A snapshot is complete and verified before it is renamed, so a file with the snapshot's
/// name is always either the old or the new snapshot.</summary>
internal class SnapshotFiles(string directory, string cacheName)
{
    // The name is computed when it is first needed, which is on the thread that loads the snapshot. The process's first hash loads OpenSSL,
    // and the creation of the cache must not wait for that.
    private readonly Lazy<string> _current = new(() => Path.Combine(directory, CacheFileNames.PrefixOf(cacheName) + ".snapshot"));

    /// <summary>The path of the snapshot.</summary>
    public string Current => _current.Value;

    /// <summary>The size of the snapshot; 0 if there is none.</summary>
    public long CurrentBytes => File.Exists(Current) ? new FileInfo(Current).Length : 0;

    /// <summary>The path under which a snapshot is being written.</summary>
    public string Temporary => Current + ".tmp";

    /// <summary>The path to which a damaged snapshot is renamed.</summary>
    public string SetAsideFile => Current + ".unusable";

    /// <summary>The path of the file that is locked while a snapshot is being written.</summary>
    public string LockFile => Current + ".lock";

    /// <summary>Prevents other caches and processes from writing until the result is disposed of, which must be after the new file has been
    /// verified and renamed. The lock file is never deleted. Otherwise, one process could lock the deleted file while another locks a new
    /// one.</summary>
    /// <exception cref="IOException">The directory can't be used, or another cache is writing.</exception>
    public virtual IDisposable BeginWriting()
    {
        Directory.CreateDirectory(directory);
        return Open(LockFile, FileMode.OpenOrCreate);
    }

    /// <summary>Creates the temporary file. It replaces a file that a killed process may have left behind.</summary>
    /// <exception cref="IOException">The file can't be created.</exception>
    public virtual Stream CreateTemporary() => Open(Temporary, FileMode.Create);

    /// <summary>Flushes the stream's content to the disk.</summary>
    public virtual void Flush(Stream file) => ((FileStream)file).Flush(flushToDisk: true);

    /// <summary>Renames the temporary file to the name of the snapshot, and flushes the new name to the disk.</summary>
    public virtual void Publish()
    {
        File.Move(Temporary, Current, overwrite: true);
        DirectoryFlush.Of(directory);
    }

    /// <summary>Deletes the temporary file, if there is one. Only the holder of the lock may call this.</summary>
    public void Abandon()
    {
        try
        {
            File.Delete(Temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next snapshot overwrites the file, and the failure of the current one has already been reported.
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Renames a damaged snapshot, and overwrites one that was set aside before. The next start must not try the snapshot again,
    /// but a person may want to examine it.</summary>
    public void SetAside()
    {
        try
        {
            File.Move(Current, SetAsideFile, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // If the file can't be renamed, the next start finds the same damage and replays the whole topic again.
        }
    }
}
