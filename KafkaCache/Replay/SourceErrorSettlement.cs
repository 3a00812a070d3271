using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using KafkaCaching.Replay.Sources;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Replay;

/// <summary>Handles an error of the consumer as <see cref="SourceErrors"/> classifies it.</summary>
internal sealed class SourceErrorSettlement : IDisposable
{
    /// <summary>The number of failures at one offset after which the cache faults.</summary>
    public const int MaxFailuresAtOneOffset = 10;

    private readonly string _topic;
    private readonly ILogger _logger;
    private readonly RepeatFolder _repeats;
    private readonly Dictionary<int, (long Offset, int Failures)> _failing = [];

    public SourceErrorSettlement(string topic, ILogger logger, TimeProvider time)
    {
        _topic = topic;
        _logger = logger;
        _repeats = new RepeatFolder(
            time, (_, error, repeats) => Log.SourceErrorRepeats(logger, repeats, (int)RepeatFolder.Window.TotalSeconds, error));
    }

    /// <summary>Logs the repeats counted so far.</summary>
    public void Dispose() => _repeats.Dispose();

    /// <returns>The reason why the loop must end, or <see langword="null"/> if it continues.</returns>
    /// <exception cref="SourceException">The error can't be resolved by a retry.</exception>
    public ReplayEnd? Settle(IReadOnlyList<SourceError> errors)
    {
        ReplayEnd? end = null;
        for (var i = 0; i < errors.Count; i++)
            end = ReplayEnds.MoreSerious(end, Settle(errors[i]));
        return end;
    }

    private ReplayEnd? Settle(in SourceError error)
    {
        switch (error.Action)
        {
            case SourceErrorAction.Ignore:
                if (_repeats.IsFirst(error.Description, LogLevel.Information, error.Description))
                    Log.SourceErrorIgnored(_logger, error.Description);
                return null;
            case SourceErrorAction.Wait:
                LogFolded(error);
                return null;
            case SourceErrorAction.Refetch:
                CountFailure(error);
                return ReplayEnd.SourceBroken;
            case SourceErrorAction.Reopen:
                Log.SourceReopens(_logger, error.Description);
                return ReplayEnd.SourceBroken;
            case SourceErrorAction.Rebuild:
                Log.LogChanged(_logger, _topic, error.Partition, error.Offset, error.Description);
                return ReplayEnd.LogChanged;
            default:
                throw new SourceException(
                    $"The brokers refuse reads of topic '{_topic}': {error.Description}. The client's user needs the ACLs Describe and "
                    + "Read on the topic.");
        }
    }

    private void LogFolded(in SourceError error)
    {
        if (_repeats.IsFirst(error.Description, LogLevel.Warning, error.Description))
            Log.SourceErrorWaits(_logger, error.Partition, error.Offset, error.Description);
    }

    private void CountFailure(in SourceError error)
    {
        var before = _failing.TryGetValue(error.Partition, out var at) && at.Offset == error.Offset ? at.Failures : 0;
        _failing[error.Partition] = (error.Offset, before + 1);
        LogFolded(error);
        if (before + 1 >= MaxFailuresAtOneOffset)
        {
            throw new SourceException(
                $"Topic '{_topic}', partition {error.Partition}, can't be read at offset {error.Offset}: {error.Description}. The "
                + $"read failed {before + 1} times; the record is damaged in the log.");
        }
    }
}
