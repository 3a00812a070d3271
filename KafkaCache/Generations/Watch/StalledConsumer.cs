using KafkaCaching.Replay;
using KafkaCaching.Topics;

namespace KafkaCaching.Generations.Watch;

/// <summary>Finds a consumer that has fallen silent: the brokers confirm more to read, and it doesn't come. One thread at a time.</summary>
/// <remarks>A partition that stands still is no proof. A client reads one partition after another, so those that wait for their turn stand;
/// an answer of megabytes is on its way for a while; a quota holds the client back; a resolver is slower than the brokers, and what it
/// hasn't come to lies in the client's queue.</remarks>
internal sealed class StalledConsumer(TimeSpan patience, TimeProvider time)
{
    // Doubled each time in vain, so that brokers in trouble are not met with one new consumer after another.
    private const int MaxDoublings = 6;

    private readonly Dictionary<int, Standing> _behind = [];
    private readonly Dictionary<string, long> _worked = new(StringComparer.Ordinal);
    private int _doublings;
    private long _asked;
    private long _looked;
    private (long RecordsApplied, long Since)? _held;

    /// <summary>Whether more to read has not come since the look before this one.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>For how long the replay thread has been with the records of one batch while none of them was applied; zero where it
    /// isn't.</summary>
    public TimeSpan HeldFor { get; private set; }

    /// <returns>Whether it has stood still so long that another consumer is due.</returns>
    public bool Look(Positions positions, LogEnd[] ends, Deliveries? deliveries = null)
    {
        var now = time.GetTimestamp();
        NoteWork(positions, ends, deliveries, now);
        HeldFor = Held(positions, deliveries, now);
        IsStalled = false;
        var longest = TimeSpan.Zero;
        for (var partition = 0; partition < ends.Length; partition++)
        {
            if (!Stands(partition, positions[partition].Position, ends[partition].LastStableOffset, now, out var since))
                continue;
            IsStalled |= HeldFor > TimeSpan.Zero;
            if (Excuse(partition, deliveries) is var excuse && excuse >= now)
                continue;

            // Up to when the client had nothing more: what was to come since may lie in its queue, behind what the replay is busy with.
            var until = deliveries?.Drained ?? now;
            if (until < since)
                continue;
            IsStalled = true;
            since = Math.Max(since, Math.Max(excuse, _asked));
            var stood = until > since ? time.GetElapsedTime(since, until) : TimeSpan.Zero;
            longest = stood > longest ? stood : longest;
        }

        _looked = now;
        return longest >= patience * (1 << _doublings);
    }

    /// <summary>Another consumer has been asked for, and has its time from here on.</summary>
    public void Asked()
    {
        _doublings = Math.Min(_doublings + 1, MaxDoublings);
        _asked = time.GetTimestamp();
    }

    // A client that has delivered of one partition, and hasn't caught up there or let it wait before, is at work: the others of the same
    // broker have to wait.
    private void NoteWork(Positions positions, LogEnd[] ends, Deliveries? deliveries, long now)
    {
        for (var partition = 0; partition < ends.Length; partition++)
        {
            var position = positions[partition].Position;
            if (!_behind.TryGetValue(partition, out var standing) || standing.Position == position)
                continue;
            _doublings = 0;
            if (position < standing.End || standing.Since < _looked)
                _worked[BrokerOf(partition, deliveries)] = now;
        }
    }

    /// <returns>Whether the partition is behind where it was at an earlier look.</returns>
    private bool Stands(int partition, long position, long head, long now, out long since)
    {
        since = now;
        if (position >= head)
        {
            _behind.Remove(partition);
            return false;
        }

        var stands = _behind.TryGetValue(partition, out var standing) && standing.Position == position;
        if (stands)
            since = standing.Since;
        _behind[partition] = new Standing(position, since, head);
        return stands;
    }

    private TimeSpan Held(Positions positions, Deliveries? deliveries, long now)
    {
        var applied = positions.RecordsApplied;
        if (deliveries is null || deliveries.Records <= applied)
            _held = null;
        else if (_held?.RecordsApplied != applied)
            _held = (applied, now);
        return _held is { } held ? time.GetElapsedTime(held.Since, now) : TimeSpan.Zero;
    }

    /// <returns>Until when nothing had to come of a partition, by the clock's own timestamps.</returns>
    private long Excuse(int partition, Deliveries? deliveries) =>
        Math.Max(_worked.GetValueOrDefault(BrokerOf(partition, deliveries)), deliveries?.Connections?.Of(partition)?.BusyUntil ?? 0);

    private static string BrokerOf(int partition, Deliveries? deliveries) => deliveries?.Connections?.Of(partition)?.Broker ?? "";

    private readonly record struct Standing(long Position, long Since, long End);
}
