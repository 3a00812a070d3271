using KafkaCaching.Store.Capture;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>A capture whose reader can be blocked before each group.</summary>
internal sealed class HeldCapture(EntryCapture capture, HoldPoint hold) : EntryCapture
{
    private int _group;

    public override long Buckets => capture.Buckets;

    public override long FirstBucket => capture.FirstBucket;

    public override PackedEntries Group => capture.Group;

    public override PackedEntries Early => capture.Early;

    public override CaptureEnd End => capture.End;

    public override bool MoveNext()
    {
        hold.Pass(_group++);
        return capture.MoveNext();
    }

    public override void Dispose() => capture.Dispose();
}
