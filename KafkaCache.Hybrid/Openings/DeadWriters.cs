using KafkaCaching.Hybrid.Diagnostics;
using KafkaCaching.Hybrid.Fills;
using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Hybrid.Openings;

/// <summary>Ends the openings of dead processes: see no renewal for the length of a lease → put the marks of their tags → write the records
/// that end the openings.</summary>
/// <remarks>Every process does this, without an election, because putting a mark more than once does no harm. Each process waits for a
/// random time beyond the lease, so that usually one process does the work and the others see its records. Each process counts the lease
/// from the moment at which it saw the record, by its own clock, so no two clocks are compared.</remarks>
internal sealed class DeadWriters : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IKafkaCache<string, StoredRecord> _cache;
    private readonly TagWriters _writers;
    private readonly TagOpenings _own;
    private readonly EntryWriter _writer;
    private readonly PutMarks _marks;
    private readonly PutOptions _put;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly TimeSpan _kept;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _ended = new();

    // Only LookAsync uses the next two fields, and it never runs more than once at a time.
    private readonly Dictionary<TagWriter, Sign> _signs = [];
    private long _forgotten;
    private int _isLooking;

    public DeadWriters(
        IKafkaCache<string, StoredRecord> cache, TagWriters writers, TagOpenings own, EntryWriter writer, PutMarks marks,
        Lifetimes lifetimes, TimeProvider time, ILogger logger, string name)
    {
        (_cache, _writers, _own, _writer, _marks) = (cache, writers, own, writer, marks);
        (_time, _logger, _name, _kept) = (time, logger, name, lifetimes.OfMarks);
        _forgotten = time.GetTimestamp();
        _put = new PutOptions { TimeToLive = lifetimes.OfMarks };
        _timer = time.CreateTimer(static dead => ((DeadWriters)dead!).Look(), this, Interval, Interval);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _ended.Cancel();
        _ended.Dispose();
    }

    private void Look()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) == 0)
            _ = LookAsync();
    }

    private async Task LookAsync()
    {
        try
        {
            foreach (var opening in _own.Forgotten())
            {
                await InvalidateAsync(opening.TagMarks).ConfigureAwait(false);
                _ = _own.CloseAsync(opening);
            }

            ForgetOldWriters();
            foreach (var writer in _writers.All)
            {
                if (writer.Name != _own.Self.Name && FindDead(writer) is { } open)
                    await EndAsync(writer, open).ConfigureAwait(false);
            }
        }
        catch (Exception failed) when (failed is KafkaCacheException or OperationCanceledException or ObjectDisposedException)
        {
            if (!_ended.IsCancellationRequested)
                Log.DeadWriterNotEnded(_logger, failed, _name);
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    // A process is removed from the list once its record must have expired.
    private void ForgetOldWriters()
    {
        if (_time.GetElapsedTime(_forgotten) < _kept)
            return;
        _forgotten = _time.GetTimestamp();
        _writers.ForgetOld();
    }

    /// <returns>The record of a process's open tags if the process counts as dead; <see langword="null"/> if it has none open, or may be
    /// alive.</returns>
    private StoredRecord? FindDead(TagWriter writer)
    {
        if (!_cache.TryGetEntry(writer.OpenKey, out var entry) || entry.Value is not { Kind: RecordKind.Open, TagMarks.Length: > 0 } open
            || (_cache.TryGetEntry(writer.EndKey, out var end) && end.Value.SetNumber >= open.SetNumber))
        {
            _signs.Remove(writer);
            return null;
        }

        if (!_signs.TryGetValue(writer, out var sign) || sign.Number != open.SetNumber)
        {
            _signs[writer] = new Sign(open.SetNumber, _time.GetTimestamp(), 1 + (Random.Shared.NextDouble() / 4));
            return null;
        }

        return _time.GetElapsedTime(sign.Seen) < open.FreshFor * sign.Patience ? null : open;
    }

    private async Task EndAsync(TagWriter writer, StoredRecord open)
    {
        // The marks are put first, because the entries must not be served again before their marks are in the log.
        await InvalidateAsync(open.TagMarks).ConfigureAwait(false);
        var end = new StoredRecord(RecordKind.OpenEnd, default) { SetNumber = open.SetNumber, AsOf = _marks.Positions() };
        await _cache.PutAsync(writer.EndKey, end, _put, _ended.Token).ConfigureAwait(false);
        Log.DeadWriterEnded(_logger, _name, open.TagMarks.Length, open.FreshFor);
    }

    private async Task InvalidateAsync(string[] tagMarks) =>
        await Task.WhenAll(tagMarks.Select(mark => _writer.InvalidateAsync(mark, _ended.Token))).ConfigureAwait(false);

    /// <summary>The last renewal of a process's openings that was seen here.</summary>
    /// <param name="Number">The number of its record.</param>
    /// <param name="Seen">When the record was seen here.</param>
    /// <param name="Patience">The number of leases to wait for the next renewal.</param>
    private sealed record Sign(long Number, long Seen, double Patience);
}
