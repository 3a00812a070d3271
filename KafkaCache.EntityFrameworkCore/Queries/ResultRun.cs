using System.Data.Common;
using KafkaCaching.EntityFrameworkCore.Results;
using KafkaCaching.EntityFrameworkCore.Rows;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>One run of a query whose whole result is cached. As long as its commands are the same as those of the cached result, they are
/// answered with the cached rows. From the first difference on, the commands run, and their rows are recorded.</summary>
/// <param name="kept">The result in the cache; <see langword="null"/> if there is none.</param>
/// <param name="maxBytes">The largest size of a command's rows that is recorded, in bytes.</param>
internal sealed class ResultRun(CachedResult? kept, long maxBytes)
{
    private readonly CachedCommand[] _kept = kept is null ? [] : CachedResultSerializer.CommandsOf(kept);
    private readonly List<CommandRows> _recorded = [];
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);
    private int _answered;
    private int _complete;
    private bool _isRefused;

    /// <summary>Whether every command was answered from the cached result, so that the objects belong to that result.</summary>
    public bool IsAnswered => _answered > 0 && _recorded.Count == 0 && !_isRefused;

    /// <summary>Whether a command was excluded from the cache.</summary>
    public bool IsRefused => _isRefused;

    /// <summary>How long the database took for the commands that ran.</summary>
    public TimeSpan DatabaseTime { get; private set; }

    /// <summary>How long the result is served.</summary>
    public HybridCacheEntryOptions? Options { get; private set; }

    /// <summary>Creates a result from the recorded rows.</summary>
    /// <returns>The result; <see langword="null"/> if it is incomplete.</returns>
    public CachedResult? ToResult() => _answered == 0 && !_isRefused && _complete > 0 && _complete == _recorded.Count
        ? CachedResultSerializer.Create(
            [.. _tags], [.. _recorded.Select(static command => new CachedCommand(command.Key, command.Rows!))])
        : null;

    /// <summary>Excludes the run from the cache, because one of its commands must neither be answered from the cache nor stored in
    /// it.</summary>
    public void Refuse() => _isRefused = true;

    /// <summary>Answers a command, or begins to record it.</summary>
    /// <param name="key">The key of the command.</param>
    /// <param name="tags">The tags that invalidate its rows.</param>
    /// <param name="options">How long the rows are served.</param>
    /// <param name="fill">Receives the rows of a command that has to run.</param>
    /// <returns>The rows; <see langword="null"/> if the command has to run.</returns>
    public DbDataReader? Answer(string key, string[] tags, HybridCacheEntryOptions? options, out IRowsFill? fill)
    {
        (Options, fill) = (options, null);
        if (_recorded.Count == 0 && _answered < _kept.Length && _kept[_answered].Key == key)
            return new CachedRowsReader(_kept[_answered++].Rows);
        _tags.UnionWith(tags);
        var command = new CommandRows(this, key, maxBytes);
        _recorded.Add(command);
        fill = command;
        return null;
    }

    private sealed class CommandRows(ResultRun run, string key, long maxBytes) : IRowsFill
    {
        public string Key => key;

        public CachedRows? Rows { get; private set; }

        public long MaxBytes => maxBytes;

        public void Store(CachedRows? rows, TimeSpan time)
        {
            run.DatabaseTime += time;
            Rows = rows;
            if (rows is not null)
                run._complete++;
        }
    }
}
