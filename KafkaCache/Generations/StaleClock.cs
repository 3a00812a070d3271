using System.Globalization;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>Runs from the moment the brokers last confirmed that what is read here keeps up with the log. When it is out, the cache is
/// stale, whatever its replay thread is busy with.</summary>
internal sealed class StaleClock(CacheState state, SupervisorSettings settings, ILogger logger)
{
    private readonly Lock _gate = new();
    private long _confirmed = settings.Time.GetTimestamp();
    private volatile Doing _watch = new("starting", settings.Time.GetTimestamp());
    private volatile Doing _replay = new("starting", settings.Time.GetTimestamp());

    public TimeSpan SinceConfirmed => settings.Time.GetElapsedTime(Volatile.Read(ref _confirmed));

    /// <summary>Any thread: the brokers have just said where the log ends, and the replay is there or on its way.</summary>
    public void EndConfirmed() => Volatile.Write(ref _confirmed, settings.Time.GetTimestamp());

    /// <summary>The watch on the topic: what it does from here on, in the form "asking the brokers".</summary>
    public void WatchIs(string doing) => _watch = new Doing(doing, settings.Time.GetTimestamp());

    /// <summary>The replay thread: what it does from here on.</summary>
    public void ReplayIs(string doing) => _replay = new Doing(doing, settings.Time.GetTimestamp());

    /// <summary>The replay thread and the watch on the topic, which may be the only one of the two that still turns.</summary>
    public void Check()
    {
        lock (_gate)
            Check_NeedsLock();
    }

    // Else one that looked before a confirmation could undo what one that looked after it has said.
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

    // For want of a better reason, and where one of the two hangs it is the reason.
    private string WhatBothDo(TimeSpan unconfirmed) => string.Create(
        CultureInfo.InvariantCulture,
        $"For {unconfirmed.TotalSeconds:F0} s nobody has confirmed that the cache keeps up with topic '{settings.Topic}': its watch has "
        + $"been {Told(_watch)}, its replay {Told(_replay)}.");

    private string Told(Doing doing) =>
        string.Create(CultureInfo.InvariantCulture, $"{doing.What} for {settings.Time.GetElapsedTime(doing.Since).TotalSeconds:F0} s");

    private sealed record Doing(string What, long Since);
}
