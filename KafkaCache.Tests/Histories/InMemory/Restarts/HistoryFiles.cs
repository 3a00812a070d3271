using KafkaCaching.Snapshots;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>The files of a history. They are not flushed to the disk, because no history includes a crash of the machine.</summary>
internal sealed class HistoryFiles(string directory, Action published) : SnapshotFiles(directory, "history")
{
    public override void Flush(Stream file)
    {
    }

    public override void Publish()
    {
        File.Move(Temporary, Current, overwrite: true);
        published();
    }

    /// <summary>Creates the incomplete file of a process that is killed while it writes a snapshot.</summary>
    public void LeaveHalfWritten() => File.WriteAllBytes(Temporary, new byte[5_000]);
}
