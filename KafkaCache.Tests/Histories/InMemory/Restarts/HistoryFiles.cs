using KafkaCaching.Snapshots;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>Files that nobody waits for to be on the disk.</summary>
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

    /// <summary>What a killed process leaves behind that was writing.</summary>
    public void LeaveHalfWritten() => File.WriteAllBytes(Temporary, new byte[5_000]);
}
