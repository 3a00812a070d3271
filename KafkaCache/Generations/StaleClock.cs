using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>Runs from the moment the brokers last said where the log ends. When it is out, the cache is stale, whatever it is busy with.</summary>
internal sealed class StaleClock(CacheState state, SupervisorSettings settings, ILogger logger)
{
    private long _confirmed = settings.Time.GetTimestamp();

    /// <summary>Any thread: the brokers have just said where the log ends.</summary>
    public void HeadConfirmed() => Volatile.Write(ref _confirmed, settings.Time.GetTimestamp());

    /// <summary>Replay thread.</summary>
    public void Check()
    {
        var unconfirmed = settings.Time.GetElapsedTime(Volatile.Read(ref _confirmed));
        var stale = unconfirmed > settings.StaleAfter;
        if (!state.SetStale(stale))
            return;
        if (stale)
            Log.Stale(logger, settings.Topic, unconfirmed.TotalSeconds);
        else
            Log.Fresh(logger, settings.Topic);
    }
}
