using KafkaCaching.Topics;

namespace KafkaCaching.Generations.Watch;

/// <summary>The brokers' report about the cleaning of the topic, and when to ask again. An operator may change it while the cache runs. It
/// is used by one thread at a time.</summary>
internal sealed class KnownPolicy(TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    private TimeSpan? _latest;
    private TimeSpan? _before;
    private Moment? _answered;
    private long _period;

    /// <summary>Whether to ask (again). All caches of the process become due at the same moment, so that their questions are combined into
    /// one request. They are due also after the machine was suspended, because the settings may have changed meanwhile.</summary>
    public bool IsDue => _answered is not { } answered || answered.Elapsed >= Period || PeriodNow != _period;

    /// <summary>How long the topic keeps tombstones; <see langword="null"/> when the brokers have never reported it. It is the lower of the
    /// last two answers: the setting may have been raised only after the cleaner had worked by the lower one.</summary>
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

    /// <summary>Notes that the brokers refuse to answer. Their last report is then still the best information.</summary>
    public void Refused() => Answered();

    private void Answered() => (_answered, _period) = (new Moment(time), PeriodNow);
}
