using KafkaCaching.Topics;
using KafkaCaching.Waiting;

namespace KafkaCaching.Generations.Watch;

/// <summary>The topic's cleanup policy as the brokers last reported it, and the time at which to request it again, because an operator may
/// change the policy while the cache runs. Only one thread may use an instance at a time.</summary>
internal sealed class KnownPolicy(TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    private TimeSpan? _latest;
    private TimeSpan? _before;
    private Moment? _answered;
    private long _period;

    /// <summary>Whether to request the policy. This becomes true for all caches of the process at the same moment, so that their requests
    /// are combined into one. It is also true after the machine was suspended, because the settings may have changed during that
    /// time.</summary>
    public bool IsDue => _answered is not { } answered || answered.Elapsed >= Period || PeriodNow != _period;

    /// <summary>How long the topic keeps tombstones; <see langword="null"/> when the brokers have never reported it. It is the lower of the
    /// last two reported values, because the setting may have been raised only after the cleaner had already used the lower one.</summary>
    public TimeSpan? DeleteRetention => _before < _latest ? _before : _latest;

    /// <summary>The <c>cleanup.policy</c> that was reported last.</summary>
    public string? Cleanup { get; private set; }

    private long PeriodNow => time.GetElapsedTime(0).Ticks / Period.Ticks;

    public void Told(TopicPolicy policy)
    {
        Answered();
        (_before, _latest) = (_latest, policy.DeleteRetention ?? _latest);
        Cleanup = policy.Cleanup;
    }

    /// <summary>Records that the brokers refuse to report the policy. The last one that they reported remains in use.</summary>
    public void Refused() => Answered();

    private void Answered() => (_answered, _period) = (new Moment(time), PeriodNow);
}
