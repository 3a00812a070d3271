using System.Collections.Concurrent;
using KafkaCaching.EntityFrameworkCore.Diagnostics;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Writes the marks of what has been committed. A mark that can't be written does not undo the commit: it is written when the
/// brokers answer again, and until then this process neither reads nor fills results that have its tag.</summary>
/// <remarks>While the brokers are away, marks wait together, each tag once, so that what waits is bounded by the number of tags and not by
/// that of commits. A mark that is written later than another of the same tag covers both.</remarks>
internal sealed class MarkWriter(KafkaHybridCache hybrid, TimeSpan patience, TimeProvider time, ILogger logger, string name) : IDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, int> _unsettled = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private Late _late = new();
    private bool _isRetrying;

    /// <summary>Whether the marks of one of these tags have still to be written.</summary>
    public bool AreUnsettled(string[] tags)
    {
        if (_unsettled.IsEmpty)
            return false;
        return Array.Exists(tags, _unsettled.ContainsKey);
    }

    /// <summary>Writes marks, and waits until they are applied here, but not for longer than a commit should take.</summary>
    /// <param name="tags">The tags.</param>
    /// <param name="opening">What the commit had opened. It is closed when the marks are written: if the tags were closed before, another
    /// process could serve what they invalidate.</param>
    /// <returns>A task that does not fail.</returns>
    public async Task WriteAsync(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        if (tags.Count == 0)
        {
            opening?.Close();
            return;
        }

        foreach (var tag in tags)
            _unsettled.AddOrUpdate(tag, 1, static (_, count) => count + 1);
        if (IsLate(tags, opening))
            return;
        var writing = TryWriteAsync(tags, opening);
        try
        {
            await writing.WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.InvalidationLate(logger, name, patience);
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    // While earlier marks wait for the brokers, a commit needn't find out once more that they are away.
    private bool IsLate(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        lock (_gate)
        {
            if (!_isRetrying)
                return false;
            Postpone_NeedsLock(tags, opening);
            return true;
        }
    }

    private async Task TryWriteAsync(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        try
        {
            await hybrid.RemoveByTagAsync(tags, _ended.Token).ConfigureAwait(false);
            Settle(tags);
            opening?.Close();
        }
        catch (Exception failed) when (IsOfTheBrokers(failed))
        {
            Log.InvalidationFailed(logger, failed, name);
            lock (_gate)
            {
                Postpone_NeedsLock(tags, opening);
                if (_isRetrying)
                    return;
                _isRetrying = true;
            }

            _ = RetryAsync();
        }
    }

    private async Task RetryAsync()
    {
        while (true)
        {
            try
            {
                await Task.Delay(BetweenTries, time, _ended.Token).ConfigureAwait(false);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }

            Late late;
            lock (_gate)
            {
                (late, _late) = (_late, new Late());
                _isRetrying = late.Tags.Count > 0;
                if (!_isRetrying)
                    break;
            }

            await WriteLateAsync(late).ConfigureAwait(false);
        }

        Log.InvalidationCaughtUp(logger, name);
    }

    private async Task WriteLateAsync(Late late)
    {
        var tags = late.Tags;

        // What is postponed from here on is counted again, and settled by the next try.
        var counts = tags.Select(tag => KeyValuePair.Create(tag, _unsettled.GetValueOrDefault(tag))).ToArray();
        try
        {
            await hybrid.RemoveByTagAsync(tags, _ended.Token).ConfigureAwait(false);
            foreach (var (tag, count) in counts)
                Settle(tag, count);
            late.Openings.ForEach(static opening => opening.Close());
        }
        catch (Exception failed) when (IsOfTheBrokers(failed))
        {
            lock (_gate)
            {
                _late.Tags.UnionWith(tags);
                _late.Openings.AddRange(late.Openings);
            }
        }
    }

    private void Postpone_NeedsLock(IEnumerable<string> tags, HybridOpening? opening)
    {
        _late.Tags.UnionWith(tags);
        if (opening is not null)
            _late.Openings.Add(opening);
    }

    private void Settle(IEnumerable<string> tags)
    {
        foreach (var tag in tags)
            Settle(tag, 1);
    }

    private void Settle(string tag, int times)
    {
        while (_unsettled.TryGetValue(tag, out var count))
        {
            var settled = count <= times
                ? _unsettled.TryRemove(KeyValuePair.Create(tag, count))
                : _unsettled.TryUpdate(tag, count - times, count);
            if (settled)
                return;
        }
    }

    private static bool IsOfTheBrokers(Exception failed) => failed is PutException or KafkaCacheException or OperationCanceledException
        or ObjectDisposedException;

    /// <summary>What waits for the brokers.</summary>
    private sealed class Late
    {
        public HashSet<string> Tags { get; } = new(StringComparer.Ordinal);

        public List<HybridOpening> Openings { get; } = [];
    }
}
