using KafkaCaching.Changes;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Tests.Changes;

public sealed class ChangeQueueTests
{
    // The scan of the initial content takes changes from the queue to determine which entries it has already reported.
    [Fact]
    public void A_scan_whose_watcher_was_too_slow_ends_and_does_not_continue_without_the_changes()
    {
        var queue = new ChangeQueue(WatchOverflow.Fail, maxPending: 1, "users");
        var taken = new List<ChangeBatch>();
        queue.Add(BatchOf(changes: 1));
        queue.TakeOfSameGeneration(taken);
        Assert.Single(taken);

        queue.Add(BatchOf(changes: 2));

        Assert.Throws<WatchOverflowException>(() => queue.TakeOfSameGeneration(taken));
    }

    private static ChangeBatch BatchOf(int changes)
    {
        var builder = new BatchBuilder();
        for (var i = 0; i < changes; i++)
        {
            builder.Add(
                "key"u8, hasPrevious: false, default, default, hasCurrent: true, new EntryMetadata(0, i, TimestampMs: 1), "value"u8,
                new CachePosition(0, i));
        }

        return builder.Take();
    }
}
