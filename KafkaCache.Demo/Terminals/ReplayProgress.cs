using System.Globalization;
using Spectre.Console;

namespace KafkaCaching.Demo.Terminals;

/// <summary>Shows the replay until every cache is ready: bars on a terminal, plain lines otherwise.</summary>
internal static class ReplayProgress
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(2);

    /// <exception cref="DemoException">A cache faulted.</exception>
    public static async Task ShowAsync(IReadOnlyList<IKafkaCache> caches, Terminal terminal, CancellationToken stop)
    {
        if (!await terminal.TryShowLiveAsync(console => ShowBarsAsync(caches, console, stop)))
            await WriteLinesAsync(caches, terminal, stop);
    }

    /// <summary>Where a cache stands, in words; with what it waits for, where it stands still.</summary>
    public static string Describe(CacheStatus status, bool isStalled)
    {
        if (IsReady(status))
            return string.Create(CultureInfo.InvariantCulture, $"ready, {status.Entries:N0} entries");

        var text = status.Phase == CachePhase.Starting
            ? "asking the brokers"
            : string.Create(CultureInfo.InvariantCulture, $"{status.Progress * 100:F0} %, {status.RecordsApplied:N0} records");
        if (status.EstimatedTimeToReady is { } left && left > TimeSpan.Zero)
            text += string.Create(CultureInfo.InvariantCulture, $", ready in about {Math.Ceiling(left.TotalSeconds):N0} s");
        return isStalled && status.Reason is { } reason ? $"{text}: {reason}" : text;
    }

    public static bool IsReady(CacheStatus status) => status.Phase is CachePhase.Ready or CachePhase.Stale or CachePhase.Rebuilding;

    private static Task ShowBarsAsync(IReadOnlyList<IKafkaCache> caches, IAnsiConsole console, CancellationToken stop) =>
        console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                var width = caches.Max(cache => cache.Topic.Length);
                var bars = caches.Select(cache => context.AddTask(Markup.Escape(cache.Topic), maxValue: 1)).ToArray();
                await PollAsync(caches, BarInterval, UpdateBar, stop);

                void UpdateBar(int index, CacheStatus status, bool isStalled)
                {
                    bars[index].Value = IsReady(status) ? 1 : Math.Min(status.Progress, 0.999);
                    bars[index].Description = Markup.Escape($"{caches[index].Topic.PadRight(width)}  {Describe(status, isStalled),-24}");
                }
            });

    private static Task WriteLinesAsync(IReadOnlyList<IKafkaCache> caches, Terminal terminal, CancellationToken stop)
    {
        var time = TimeProvider.System;
        var written = new (string Line, long At)[caches.Count];
        return PollAsync(caches, BarInterval, WriteLine, stop);

        // A line when something has changed, and no more than one a second and cache; the last one always.
        void WriteLine(int index, CacheStatus status, bool isStalled)
        {
            var line = $"{caches[index].Topic}: {Describe(status, isStalled)}";
            var (last, at) = written[index];
            if (string.Equals(line, last, StringComparison.Ordinal) || (last is not null && !IsReady(status) && time.GetElapsedTime(at) < LineInterval))
                return;
            terminal.WriteLine(line);
            written[index] = (line, time.GetTimestamp());
        }
    }

    private static async Task PollAsync(
        IReadOnlyList<IKafkaCache> caches, TimeSpan interval, Action<int, CacheStatus, bool> show, CancellationToken stop)
    {
        var time = TimeProvider.System;
        var waiting = Enumerable.Range(0, caches.Count).ToList();
        var moved = caches.Select(_ => (Records: -1L, At: 0L)).ToArray();
        using var timer = new PeriodicTimer(interval);
        do
        {
            foreach (var i in waiting.ToArray())
            {
                var status = caches[i].Status;
                if (status.Fault is { } fault)
                    throw new DemoException($"The topic {caches[i].Topic} can't be served: {OneLine.Of(fault)}{WayOut(fault)}");
                if (status.RecordsApplied != moved[i].Records)
                    moved[i] = (status.RecordsApplied, time.GetTimestamp());
                show(i, status, time.GetElapsedTime(moved[i].At) > StalledAfter);
                if (IsReady(status))
                    waiting.Remove(i);
            }
        }
        while (waiting.Count > 0 && await timer.WaitForNextTickAsync(stop))
            ;
    }

    private static string WayOut(Exception fault) => fault is RecordErrorException ? " Start with --on-record-error skip to pass over such records." : "";
}
