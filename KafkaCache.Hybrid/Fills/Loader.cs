using KafkaCaching.Hybrid.Claims;
using KafkaCaching.Hybrid.Diagnostics;
using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Reads;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Serializers;
using KafkaCaching.Hybrid.Validity;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Hybrid.Fills;

/// <summary>The steps of a miss: join a flight or begin one → capture the applied positions → run the factory → return its value → store
/// it.</summary>
internal sealed class Loader(
    HybridReader reader, EntryWriter writer, TopicWatch watch, ValueEncoder encoder, FactoryClaims? claims, Lifetimes lifetimes,
    HybridCounts counts, HybridTracing tracing, TimeProvider time, ILogger logger, string name)
{
    private static readonly Task<CachePosition?> NoFill = Task.FromResult<CachePosition?>(null);

    private readonly Flights _flights = new();
    private readonly NestedWaits _waits = new();

    public async ValueTask<T> LoadAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options,
        string[] tagMarks, CancellationToken cancellationToken)
    {
        var access = EntryAccess.Of(options);
        var (flight, isNew) = _flights.JoinOrAdd(
            new FlightKey(key, typeof(T), access.Flags),
            under => MayJoin(under, key, tagMarks),
            () => new Flight<T>(new FlightKey(key, typeof(T), access.Flags), watch.Capture(), tagMarks, counts.Invalidations));
        Flight? waiting = null;
        try
        {
            waiting = _waits.Begin(flight);
            if (isNew)
                Begin(flight, state, factory, options, access, cancellationToken);
            var landing = await flight.Landed.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (isNew)
                return landing.Value;
            counts.Requests.Count(RequestOutcome.Coalesced);
            return CopyOf(landing);
        }
        finally
        {
            _waits.End(waiting, flight);
            if (flight.Leave())
                _flights.Remove(flight);
        }
    }

    /// <summary>Ends all flights. Their callers get an <see cref="ObjectDisposedException"/>.</summary>
    public void End() => _flights.End();

    // A caller that has seen an invalidation must not get a value that was read before that invalidation. Callers that joined the flight
    // earlier may get it.
    private bool MayJoin<T>(Flight<T> flight, string key, string[] tagMarks) => flight.Capture is null
        ? flight.InvalidationsBefore == counts.Invalidations
        : reader.IsCurrent(key, flight.Probe, tagMarks);

    // A caller that can't be cancelled runs the factory itself, up to its first await. A caller that can be cancelled must not be blocked
    // by the factory, so a pool thread runs it.
    private void Begin<TState, T>(
        Flight<T> flight, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options,
        EntryAccess access, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
            _ = Task.Run(() => RunAsync(flight, state, factory, options, access), CancellationToken.None);
        else
            _ = RunAsync(flight, state, factory, options, access);
    }

    private async Task RunAsync<TState, T>(
        Flight<T> flight, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options,
        EntryAccess access)
    {
        var key = flight.Key.Key;
        var claim = ClaimOutcome.InDoubt;
        Task<CachePosition?>? fill = null;
        try
        {
            // Another flight may have stored a value between this caller's read and the beginning of this flight.
            if (reader.TryGet<T>(key, access, out var there, out var found))
            {
                Land(flight, there, found.Record, RequestOutcome.Hit);
                return;
            }

            if (claims is not null && flight.Capture is not null && access is { ReadsStored: true, WritesStored: true })
                claim = await ClaimAsync(claims, key, flight.Token).ConfigureAwait(false);
            if (claim.IsFilled && reader.TryGet(key, access, out there!, out found))
            {
                Land(flight, there!, found.Record, RequestOutcome.Claimed);
                return;
            }

            var started = time.GetTimestamp();
            var value = await RunAsync(flight, factory, state).ConfigureAwait(false);
            var record = RecordOf(value, flight, options, access);
            if (record is not null && encoder.Fits<T>(record.Payload))
                fill = StoreAsync(key, record, flight.Capture, access, time.GetElapsedTime(started));
            Land(flight, value, record, flight.Capture is null ? RequestOutcome.Bypassed : RequestOutcome.Miss);
        }
        catch (OperationCanceledException abandoned) when (flight.Token.IsCancellationRequested)
        {
            flight.Fail(abandoned);
        }
        catch (Exception failed)
        {
            FailOrLandStale(flight, access, failed);
        }
        finally
        {
            _flights.Remove(flight);
            _ = claims?.EndAsync(key, claim, fill ?? NoFill);
        }
    }

    private async Task<ClaimOutcome> ClaimAsync(FactoryClaims by, string key, CancellationToken stop)
    {
        using var span = tracing.StartClaim();
        var claim = await by.EnterAsync(key, stop).ConfigureAwait(false);
        span.Claimed(claim);
        return claim;
    }

    private async ValueTask<T> RunAsync<TState, T>(Flight<T> flight, Func<TState, CancellationToken, ValueTask<T>> factory, TState state)
    {
        using var span = tracing.StartFactory();
        _waits.Run(flight);
        try
        {
            return await factory(state, flight.Token).ConfigureAwait(false);
        }
        catch (Exception failed)
        {
            span.Failed(failed);
            throw;
        }
    }

    private void Land<T>(Flight<T> flight, T value, StoredRecord? record, RequestOutcome outcome)
    {
        counts.Requests.Count(outcome);
        flight.Land(value, record);
    }

    private void FailOrLandStale<T>(Flight<T> flight, EntryAccess access, Exception failed)
    {
        if (lifetimes.StaleIfError > TimeSpan.Zero
            && reader.TryGetStale<T>(flight.Key.Key, access, lifetimes.StaleIfError, out var stale, out var found))
        {
            counts.Requests.Count(RequestOutcome.Stale);
            Log.StaleServed(logger, failed, name);
            flight.Land(stale, found.Record);
            return;
        }

        counts.Requests.Count(RequestOutcome.Failed);
        flight.Fail(failed);
    }

    /// <returns>The entry, which may be too large to be stored; <see langword="null"/> if the value can't be serialized.</returns>
    private StoredRecord? RecordOf<T>(T value, Flight flight, HybridCacheEntryOptions? options, EntryAccess access)
    {
        // The value is encoded even if it is not stored, because coalesced callers need copies of a mutable value.
        if (encoder.TryEncode(value) is not { } payload)
            return null;
        var record = new StoredRecord(payload.Kind, payload.Bytes)
        {
            AsOf = flight.Capture?.AsOf,
            FreshFor = access.WritesLocalOnly ? lifetimes.LocallyFreshFor(options) : lifetimes.FreshFor(options),
            TagMarks = flight.TagMarks,
        };
        if (ImmutableTypes<T>.Has)
            record.Remember(value);
        return record;
    }

    private Task<CachePosition?> StoreAsync(
        string key, StoredRecord record, Capture? capture, EntryAccess access, TimeSpan filling)
    {
        if (capture is null)
            return NoFill;
        if (access.WritesStored)
            return writer.StoreAsync(key, record, capture, filling);
        if (access.WritesLocalOnly)
            writer.KeepLocally(key, record);
        return NoFill;
    }

    private T CopyOf<T>(Flight<T>.Landing landing) => ImmutableTypes<T>.Has || landing.Record is null
        ? landing.Value
        : reader.Deserialize<T>(landing.Record);
}
