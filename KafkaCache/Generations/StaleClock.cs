using System.Globalization;
using KafkaCaching.Diagnostics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>Measures the time since the brokers last confirmed that the replay keeps up with the log. When this time exceeds StaleAfter,
/// the cache is stale, even if its replay thread hangs.</summary>
internal sealed class StaleClock(CacheState state, SupervisorSettings settings, ILogger logger)
{
    private readonly Lock _gate = new();
    private volatile Moment _confirmed = new(settings.Time);
    private volatile Doing _watch = new("starting", new Moment(settings.Time));
    private volatile Doing _replay = new("starting", new Moment(settings.Time));

    public TimeSpan SinceConfirmed => _confirmed.Elapsed;

    /// <summary>Called when the brokers have reported where the log ends, and the replay has reached that end or is still progressing
    /// towards it. Safe to call from any thread.</summary>
    /// <param name="asked">When the brokers were asked. The time at which the response was read proves nothing, because the response may
    /// have been in a socket buffer while the machine was suspended.</param>
    public void EndConfirmed(Moment asked) => _confirmed = asked;

    /// <summary>Called by the topic poller. Records what it does from now on, in a form such as "asking the brokers".</summary>
    public void WatchIs(string doing) => _watch = new Doing(doing, new Moment(settings.Time));

    /// <summary>Called by the replay thread. Records what it does from now on.</summary>
    public void ReplayIs(string doing) => _replay = new Doing(doing, new Moment(settings.Time));

    /// <summary>Called by both the replay thread and the topic poller, because either of them may hang.</summary>
    public void Check()
    {
        lock (_gate)
            Check_NeedsLock();
    }

    // Without the lock, a thread that read the clock before a confirmation could overwrite the result of a thread that read it after the
    // confirmation.
    private void Check_NeedsLock()
    {
        var unconfirmed = SinceConfirmed;
        var stale = unconfirmed > settings.StaleAfter;
        if (!state.SetStale(stale ? WhatBothDo(unconfirmed) : null))
            return;
        if (stale)
            Log.Stale(logger, settings.Topic, unconfirmed.TotalSeconds);
        else
            Log.Fresh(logger, settings.Topic);
    }

    // This text is used when no better reason is known. If the replay thread or the poller hangs, the text shows where.
    private string WhatBothDo(TimeSpan unconfirmed) => string.Create(
        CultureInfo.InvariantCulture,
        $"For {unconfirmed.TotalSeconds:F0} s nobody has confirmed that the cache keeps up with topic '{settings.Topic}': its watch has "
        + $"been {Told(_watch)}, and its replay has been {Told(_replay)}.");

    private static string Told(Doing doing) =>
        string.Create(CultureInfo.InvariantCulture, $"{doing.What} for {doing.Since.Elapsed.TotalSeconds:F0} s");

    private sealed record Doing(string What, Moment Since);
}
