using System.Text.Json;
using KafkaCaching.Jobs;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore.Status.Jobs;

/// <summary>The keys of a job's state, without the values, and the end of its log; or why they can't be read.</summary>
internal sealed record JobDetailAnswer(
    IReadOnlyList<StateKey> Keys, bool HasMoreKeys, IReadOnlyList<LogTailLine> Lines, string? Message = null)
{
    private const int MaxKeys = 50;
    private const int MaxLines = 50;

    public static JobDetailAnswer Of(IJobHistory history, string job)
    {
        try
        {
            var state = history.State(job);
            var lines = history.Lines(new JobLogQuery(job) { MaxLines = MaxLines });
            return new JobDetailAnswer(
                [.. state.OrderBy(static one => one.Key, StringComparer.Ordinal).Take(MaxKeys).Select(StateKey.Of)],
                state.Count > MaxKeys,
                [.. lines.Select(static line => new LogTailLine(line.At, line.Level, line.Machine, line.Text))]);
        }
        catch (CacheNotReadyException notReady)
        {
            return Unread(notReady.Message);
        }
        catch (CacheFaultedException)
        {
            return Unread("The cache of the jobs has faulted.");
        }
        catch (JsonException)
        {
            return Unread("The topic of the jobs contains a record that no job wrote.");
        }
        catch (ObjectDisposedException)
        {
            return Unread("The jobs have been stopped.");
        }
    }

    private static JobDetailAnswer Unread(string message) => new([], HasMoreKeys: false, [], message);
}

/// <summary>A key of a job's state, how many values it has, and when the last one was set.</summary>
internal sealed record StateKey(string Key, int Values, DateTimeOffset? At)
{
    public static StateKey Of(KeyValuePair<string, IReadOnlyList<JobValue>> one) =>
        new(one.Key, one.Value.Count, one.Value is [.., var last] ? last.At : null);
}

/// <summary>A line of a job's log.</summary>
internal sealed record LogTailLine(DateTimeOffset At, LogLevel Level, string Machine, string Text);
