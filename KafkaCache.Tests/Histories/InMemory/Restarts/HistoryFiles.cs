using KafkaCaching.Snapshots;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>The files of a history. Flushing them to the disk is left out, because no history outlives the machine.</summary>
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

    /// <summary>Leaves the file behind that a process leaves if it is killed while it writes a snapshot.</summary>
    public void LeaveHalfWritten() => File.WriteAllBytes(Temporary, new byte[5_000]);
}
