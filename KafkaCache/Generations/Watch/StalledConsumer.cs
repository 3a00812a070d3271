using KafkaCaching.Replay;
using KafkaCaching.Topics;

namespace KafkaCaching.Generations.Watch;

/// <summary>Detects a consumer that has stopped responding: the brokers report that there is more to read, but nothing arrives. Only one
/// thread may use an instance at a time.</summary>
/// <remarks>A partition without progress alone does not prove that the consumer has stopped. A client reads one partition after another, so
/// the others make no progress in the meantime. A response of several megabytes takes a while to arrive. A quota may throttle the client. A
/// resolver may be slower than the brokers, so that records stay in the client's queue.</remarks>
internal sealed class StalledConsumer(TimeSpan patience, TimeProvider time)
{
    // The time limit doubles after each replacement that did not help, so that overloaded brokers do not have to serve one new consumer
    // after another.
    private const int MaxDoublings = 6;

    private readonly Dictionary<int, Sighting> _behind = [];
    private readonly Dictionary<string, long> _worked = new(StringComparer.Ordinal);
    private int _doublings;
    private long _asked;
    private long _looked;
    private (long RecordsPassed, long Since)? _held;

    /// <summary>Whether there was more to read at the previous check and nothing has arrived since then.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>How long the replay thread has held delivered records without applying any of them; zero if it holds none.</summary>
    public TimeSpan HeldFor { get; private set; }

    /// <returns>Whether the consumer has made no progress for so long that it must be replaced.</returns>
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

            // The time counts only up to the moment at which the client's queue was last empty. Records that were expected since then may
            // be in the queue, behind those that the replay is applying.
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

    /// <summary>Called when another consumer has been requested. Restarts the time limit for it.</summary>
    public void Asked()
    {
        _doublings = Math.Min(_doublings + 1, MaxDoublings);
        _asked = time.GetTimestamp();
    }

    // If a client has delivered records of a partition, and either has not caught up with that partition yet or had not delivered any at
    // the previous check, it is busy, and the other partitions of the same broker have to wait.
    private void NoteWork(Positions positions, LogEnd[] ends, Deliveries? deliveries, long now)
    {
        for (var partition = 0; partition < ends.Length; partition++)
        {
            var position = positions[partition].Position;
            if (!_behind.TryGetValue(partition, out var seen) || seen.Position == position)
                continue;
            _doublings = 0;
            if (position < seen.End || seen.Since < _looked)
                _worked[BrokerOf(partition, deliveries)] = now;
        }
    }

    /// <returns>Whether the partition is behind and has the same position as at an earlier check.</returns>
    private bool Stands(int partition, long position, long head, long now, out long since)
    {
        since = now;
        if (position >= head)
        {
            _behind.Remove(partition);
            return false;
        }

        var stands = _behind.TryGetValue(partition, out var seen) && seen.Position == position;
        if (stands)
            since = seen.Since;
        _behind[partition] = new Sighting(position, since, head);
        return stands;
    }

    private TimeSpan Held(Positions positions, Deliveries? deliveries, long now)
    {
        var passed = positions.RecordsPassed;
        if (deliveries is null || deliveries.Records <= passed)
            _held = null;
        else if (_held?.RecordsPassed != passed)
            _held = (passed, now);
        return _held is { } held ? time.GetElapsedTime(held.Since, now) : TimeSpan.Zero;
    }

    /// <returns>The time until which the lack of new records in a partition has a harmless explanation, as a timestamp of the
    /// clock.</returns>
    private long Excuse(int partition, Deliveries? deliveries) =>
        Math.Max(_worked.GetValueOrDefault(BrokerOf(partition, deliveries)), deliveries?.Connections?.Of(partition)?.BusyUntil ?? 0);

    private static string BrokerOf(int partition, Deliveries? deliveries) => deliveries?.Connections?.Of(partition)?.Broker ?? "";

    private readonly record struct Sighting(long Position, long Since, long End);
}
