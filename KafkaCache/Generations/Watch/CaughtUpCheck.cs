using System.Globalization;
using KafkaCaching.Diagnostics;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations.Watch;

/// <summary>Uses the ends of the log to check whether a generation keeps up, whether its consumer has stopped responding, and whether it
/// may have missed tombstones.</summary>
internal sealed class CaughtUpCheck(
    Generation generation, LoopRequests requests, StaleClock clock, SupervisorSettings settings, CacheState state, ILogger logger)
{
    private static readonly TimeSpan MinPatience = TimeSpan.FromSeconds(3);

    // Kafka's default of delete.retention.ms.
    private static readonly TimeSpan UsualRetention = TimeSpan.FromDays(1);

    private readonly TimeSpan _patience = Longer(settings.StaleAfter / 2, MinPatience);
    private readonly StalledConsumer _stalls = new(Longer(settings.StaleAfter / 2, MinPatience), settings.Time);
    private readonly MissedTombstones _tombstones = new(
        new Moment(settings.Time, generation.StartedFrom?.Age ?? TimeSpan.Zero), settings.Time);
    private TimeSpan _behindUnjudged;
    private TimeSpan _behindAsleep;
    private long? _passedInSilence;
    private bool _replayOutlasted;
    private bool _replayIsJudged;
    private bool _hasMissed;
    private bool _isHeldTold;

    /// <summary>How long the topic keeps tombstones; <see langword="null"/> when the brokers have not reported it.</summary>
    public TimeSpan? DeleteRetention { get; set; }

    /// <summary>Whether the latest request for <see cref="DeleteRetention"/> has failed. The actual retention may then be lower by
    /// now.</summary>
    public bool IsRetentionInDoubt { get; set; }

    /// <param name="ends">The ends that the brokers reported.</param>
    /// <param name="asked">When the brokers were asked.</param>
    /// <param name="interval">How often the brokers are asked.</param>
    /// <param name="hasAll">Whether these are the ends of all partitions of the topic. This is false when partitions have just been
    /// added.</param>
    public void Check(LogEnd[] ends, Moment asked, TimeSpan interval, bool hasAll)
    {
        Show(ends);
        LookForCuts(ends);
        LookForStalls(ends, asked);
        LookForMissedTombstones(ends, asked, interval, hasAll);
    }

    private void Show(LogEnd[] ends)
    {
        for (var partition = 0; partition < ends.Length; partition++)
        {
            generation.Positions[partition].SawHighWatermark(ends[partition].HighWatermark);
            generation.Positions[partition].SawLastStableOffset(ends[partition].LastStableOffset);
        }
    }

    // Detects a log that was truncated between the position and the target. The consumer does not notice this, and a replay towards a
    // target that no longer exists would never end.
    private void LookForCuts(LogEnd[] ends)
    {
        for (var partition = 0; partition < ends.Length; partition++)
        {
            var (target, end) = (generation.Positions[partition].Target, ends[partition].HighWatermark);
            if (generation.Positions[partition].HasReachedTarget || end >= target)
                continue;
            Log.LogChanged(logger, settings.Topic, partition, end, "its end lies below the high watermark that the replay is heading for");
            requests.LogChanged();
            return;
        }
    }

    private void LookForStalls(LogEnd[] ends, Moment asked)
    {
        if (_stalls.Look(generation.Positions, ends, requests.Deliveries))
        {
            requests.SourceStalled();
            _stalls.Asked();
        }

        TellHeld();
        if (_stalls.IsStalled)
        {
            state.SetReason(
                $"The brokers have more records of topic '{settings.Topic}' than have been applied, and the replay stands "
                + $"still.{WhatHolds()}");
            return;
        }

        if (!HasReadSinceSilence(ends))
        {
            state.SetReason(
                $"The brokers answer again, but the replay has not yet read their records of topic '{settings.Topic}'.");
            return;
        }

        clock.EndConfirmed(asked);
        state.SetReason(null);
    }

    // After a silence of more than StaleAfter, the brokers' first response proves nothing about the consumer: if the machine was suspended,
    // the consumer's connections may be dead, and the consumer takes a while to notice. The consumer is known to be reading if nothing is
    // left to read, or if it has advanced between two responses after the silence.
    private bool HasReadSinceSilence(LogEnd[] ends)
    {
        long passed = 0, left = 0;
        for (var partition = 0; partition < ends.Length; partition++)
        {
            var position = generation.Positions[partition].Position;
            passed += position;
            left += Math.Max(0, ends[partition].LastStableOffset - position);
        }

        var isProved = left == 0 || clock.SinceConfirmed <= settings.StaleAfter || passed > _passedInSilence;
        _passedInSilence = isProved ? null : passed;
        return isProved;
    }

    private string WhatHolds() => _stalls.HeldFor == TimeSpan.Zero
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $" For {_stalls.HeldFor.TotalSeconds:F0} s it has been busy with one record: a resolver, a validator or a deserializer has not "
            + $"returned, or the store waits for its disk.");

    private void TellHeld()
    {
        var isHeld = _stalls.HeldFor >= _patience;
        if (isHeld && !_isHeldTold)
            Log.ReplayHeld(logger, settings.Topic, _stalls.HeldFor.TotalSeconds);
        _isHeldTold = isHeld;
    }

    private void LookForMissedTombstones(LogEnd[] ends, Moment asked, TimeSpan interval, bool hasAll)
    {
        // Between two checks, even a cache that reads fast counts as behind, so the limit is at least four intervals.
        var retention = DeleteRetention ?? UsualRetention;
        var limit = Longer(retention * 0.9, 4 * interval);
        var behind = Longer(_tombstones.LongestBehind(generation.Positions, ends, asked, hasAll), _behindUnjudged);
        var missed = behind > limit;
        _hasMissed |= missed;
        if (missed)
            _tombstones.Accept();

        // A generation that may hold keys whose tombstones are gone never counts as caught up again, although the measurement of its lag
        // restarts. A check that lacks a partition confirms nothing, because no record of that partition has been applied yet.
        if (_hasMissed)
            generation.CaughtUp = null;
        else if (hasAll)
            generation.CaughtUp = new(settings.Time.GetUtcNow() - behind, DeleteRetention);

        // The lag is kept until the brokers report the retention, and is then compared with it.
        _behindUnjudged = (DeleteRetention is null || IsRetentionInDoubt) && !missed ? behind : TimeSpan.Zero;
        if (generation.Replay is not { } replay)
        {
            if (missed && generation.Started.ElapsedAwake > limit)
                TellOutlasted();
            else if (missed)
                _behindAsleep = Longer(behind, _behindAsleep);
            return;
        }

        if (!_replayIsJudged)
        {
            _replayIsJudged = true;
            if (missed && replay.Elapsed > limit)
                TellOutlasted();

            // If the replay took too long because of problems at the brokers, the next one is probably shorter. But if the second replay
            // also takes too long, a third would too, so none is started.
            missed = _replayOutlasted ? !generation.IsSecondTry : missed;

            // If the replay took too long only because the machine was suspended, the next one will be shorter, so it is started.
            missed |= _behindAsleep > TimeSpan.Zero;
            behind = Longer(behind, _behindAsleep);
        }

        if (!missed)
            return;
        Log.TombstonesMissed(
            logger, settings.Topic, (_replayOutlasted ? Longer(behind, replay.Elapsed) : behind).TotalSeconds, retention.TotalSeconds);
        requests.TombstonesMissed();

        void TellOutlasted()
        {
            _replayOutlasted = true;
            Log.ReplayOutlastsTombstones(logger, settings.Topic, behind.TotalSeconds, retention.TotalSeconds);
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
