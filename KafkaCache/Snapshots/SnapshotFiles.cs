using KafkaCaching.Native;
using KafkaCaching.Store;

namespace KafkaCaching.Snapshots;

/// <summary>The files of one cache's snapshots. A file is complete and verified before it gets its name, so there is always the old one,
/// the new one, or none.</summary>
internal class SnapshotFiles
{
    private readonly string _directory;

    public SnapshotFiles(string directory, string cacheName)
    {
        _directory = directory;
        Current = Path.Combine(directory, CacheFileNames.PrefixOf(cacheName) + ".snapshot");
        Temporary = Current + ".tmp";
        SetAsideFile = Current + ".unusable";
        LockFile = Current + ".lock";
    }

    /// <summary>The path of the snapshot.</summary>
    public string Current { get; }

    /// <summary>The size of the snapshot; 0 if there is none.</summary>
    public long CurrentBytes => File.Exists(Current) ? new FileInfo(Current).Length : 0;

    /// <summary>The path under which a snapshot is being written.</summary>
    public string Temporary { get; }

    /// <summary>The path of a damaged snapshot that was set aside.</summary>
    public string SetAsideFile { get; }

    /// <summary>The path of a file that is locked by whoever writes a snapshot.</summary>
    public string LockFile { get; }

    /// <summary>Keeps other caches and processes from writing until the result is disposed of: also while what was written is verified
    /// and gets its name. The file stays, because one that is deleted could be locked twice.</summary>
    /// <exception cref="IOException">The directory can't be used, or another cache is writing.</exception>
    public virtual IDisposable BeginWriting()
    {
        Directory.CreateDirectory(_directory);
        return Open(LockFile, FileMode.OpenOrCreate);
    }

    /// <summary>Creates the temporary file, in the place of one that a killed process has left.</summary>
    /// <exception cref="IOException">The file can't be created.</exception>
    public virtual Stream CreateTemporary() => Open(Temporary, FileMode.Create);

    /// <summary>Makes the system write to the disk what was written to a stream.</summary>
    public virtual void Flush(Stream file) => ((FileStream)file).Flush(flushToDisk: true);

    /// <summary>Gives the temporary file the name of the snapshot, and waits until the disk has it.</summary>
    public virtual void Publish()
    {
        File.Move(Temporary, Current, overwrite: true);
        DirectoryFlush.Of(_directory);
    }

    /// <summary>Deletes the temporary file, if there is one. Only for whoever has begun to write.</summary>
    public void Abandon()
    {
        try
        {
            File.Delete(Temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next snapshot overwrites it. That this one failed has been reported.
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Renames a damaged snapshot, in the place of one set aside before: the next start must not try it again, and a person may
    /// want to look at it.</summary>
    public void SetAside()
    {
        try
        {
            File.Move(Current, SetAsideFile, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where nothing can be renamed, the next start finds the same damage and is cold again.
        }
    }
}
