using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Clients;

/// <summary>Distinguishes the first message of a kind from its repeats. When a time window has passed since the first message, the number
/// of repeats is reported.</summary>
internal sealed class RepeatFolder : IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    // A limit in case a client's texts vary in an unforeseen way. Usually there are a few hundred texts, which differ only in the brokers'
    // names.
    private const int MaxKinds = 256;

    private readonly TimeProvider _timeProvider;
    private readonly Action<LogLevel, string, int> _report;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kind> _kinds = new(StringComparer.Ordinal);
    private readonly ITimer _timer;

    /// <param name="timeProvider">The clock that measures the windows.</param>
    /// <param name="report">Receives the level, the latest text and the number of the repeats. Called outside the lock.</param>
    public RepeatFolder(TimeProvider timeProvider, Action<LogLevel, string, int> report)
    {
        _timeProvider = timeProvider;
        _report = report;
        _timer = Detached.Start(() => timeProvider.CreateTimer(
            static state => ((RepeatFolder)state!).ReportPassed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
    }

    /// <summary>Whether to log this message now, because it is the first of its kind in the window, or more severe than the messages of its
    /// kind that have been logged.</summary>
    public bool IsFirst(string kind, LogLevel level, string text)
    {
        List<Counted> crowdedOut = [];
        bool isFirst;
        lock (_lock)
        {
            if (_kinds.TryGetValue(kind, out Kind? known))
            {
                isFirst = level > known.Level;
                known.Level = isFirst ? level : known.Level;
                known.Repeats += isFirst ? 0 : 1;
                known.Text = text;
            }
            else
            {
                isFirst = true;
                if (_kinds.Count >= MaxKinds)
                    crowdedOut = TakeAll_NeedsLock();
                if (_kinds.Count == 0)
                    _timer.Change(Window, Timeout.InfiniteTimeSpan);
                _kinds.Add(kind, new Kind(_timeProvider.GetTimestamp(), level, text));
            }
        }

        Report(crowdedOut);
        return isFirst;
    }

    /// <summary>Reports all counted repeats, whether or not their window has passed.</summary>
    public void Dispose()
    {
        List<Counted> all;
        lock (_lock)
            all = TakeAll_NeedsLock();
        _timer.Dispose();
        Report(all);
    }

    private void ReportPassed()
    {
        List<Counted> passed;
        lock (_lock)
        {
            passed = TakePassed_NeedsLock();

            // The timer runs as long as any kind is known. It may have fired slightly early, so it is set to fire in a millisecond at the
            // earliest.
            if (_kinds.Count > 0)
            {
                TimeSpan rest = Window - _timeProvider.GetElapsedTime(_kinds.Values.Min(kind => kind.Since));
                _timer.Change(TimeSpan.FromMilliseconds(Math.Max(rest.TotalMilliseconds, 1)), Timeout.InfiniteTimeSpan);
            }
        }

        Report(passed);
    }

    // A kind that was repeated is kept for the next window, so it causes one line per window. A kind that was not repeated is removed.
    private List<Counted> TakePassed_NeedsLock()
    {
        var now = _timeProvider.GetTimestamp();
        List<Counted> passed = [];
        foreach ((var name, Kind kind) in _kinds)
        {
            if (_timeProvider.GetElapsedTime(kind.Since, now) < Window)
                continue;
            if (kind.Repeats == 0)
            {
                _kinds.Remove(name);
                continue;
            }

            passed.Add(kind.Count());
            kind.Since = now;
            kind.Repeats = 0;
        }

        return passed;
    }

    private List<Counted> TakeAll_NeedsLock()
    {
        List<Counted> all = [.. _kinds.Values.Where(kind => kind.Repeats > 0).Select(kind => kind.Count())];
        _kinds.Clear();
        return all;
    }

    private void Report(List<Counted> counted)
    {
        foreach (Counted one in counted)
        {
            try
            {
                _report(one.Level, one.Text, one.Repeats);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The logger itself threw. Nothing is left to report this to, and an exception on a timer's thread would end the process.
            }
        }
    }

    private readonly record struct Counted(LogLevel Level, string Text, int Repeats);

    private sealed class Kind(long since, LogLevel level, string text)
    {
        public long Since { get; set; } = since;

        public LogLevel Level { get; set; } = level;

        public string Text { get; set; } = text;

        public int Repeats { get; set; }

        public Counted Count() => new(Level, Text, Repeats);
    }
}
