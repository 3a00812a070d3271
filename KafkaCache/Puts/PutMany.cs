using System.Runtime.CompilerServices;
using Confluent.Kafka;
using KafkaCaching.Waiting;

namespace KafkaCaching.Puts;

/// <summary>Runs many puts at once. They are handed over in order, each has its own outcome, and the number in flight is limited to what
/// fits well into the producer's queue.</summary>
internal static class PutMany
{
    private const int MaxInFlight = 10_000;
    private static readonly TimeSpan FullQueuePause = TimeSpan.FromMilliseconds(5);

    public static Task<IReadOnlyList<PutAttempt>> RunAsync<TKey, TValue>(
        Putter<TKey, TValue> putter, IEnumerable<KeyValuePair<TKey, TValue>> entries, PutOptions options,
        CancellationToken cancellationToken)
        where TKey : notnull =>
        RunAsync(putter, entries, entry => PutOneAsync(putter, entry.Key, entry.Value, options, cancellationToken));

    public static Task<IReadOnlyList<PutAttempt>> RemoveAsync<TKey, TValue>(
        Putter<TKey, TValue> putter, IEnumerable<TKey> keys, PutOptions options, CancellationToken cancellationToken)
        where TKey : notnull =>
        RunAsync(putter, keys, key => RemoveOneAsync(putter, key, options, cancellationToken));

    /// <param name="putter">Provides the clock and the time-out of a put.</param>
    /// <param name="entries">The entries. They are read once, as room becomes available.</param>
    /// <param name="putAsync">Starts a put. It runs up to the hand-over before it first awaits, which keeps the order.</param>
    [AsyncMethodBuilder(typeof(QuietTaskMethodBuilder<>))]
    private static async Task<IReadOnlyList<PutAttempt>> RunAsync<TKey, TValue, TEntry>(
        Putter<TKey, TValue> putter, IEnumerable<TEntry> entries, Func<TEntry, Task<PutResult>> putAsync)
        where TKey : notnull
    {
        using var room = new SemaphoreSlim(MaxInFlight);
        var attempts = new List<Task<PutAttempt>>();
        PutAttempt[] settled;
        try
        {
            foreach (var entry in entries)
            {
                var started = putter.Time.GetTimestamp();
                while (true)
                {
                    // This wait can't be cancelled. Puts in flight settle by their own deadlines and make room, and every entry gets its
                    // attempt.
                    await room.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                    var attempt = AttemptAsync(entry, putAsync, room);
                    if (!attempt.IsCompleted
                        || !IsQueueFull(await attempt.ConfigureAwait(false)) || putter.Time.GetElapsedTime(started) > putter.Timeout)
                    {
                        attempts.Add(attempt);
                        break;
                    }

                    // The client does not signal when its queue has room again. Within the put's time-out, everything now in the queue
                    // settles.
                    await Task.Delay(FullQueuePause, putter.Time, CancellationToken.None).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            // This also runs if the enumeration of the entries throws, so that no put is left in flight.
            settled = await Task.WhenAll(attempts).ConfigureAwait(false);
        }

        return settled;
    }

    private static Task<PutResult> PutOneAsync<TKey, TValue>(
        Putter<TKey, TValue> putter, TKey key, TValue value, PutOptions options, CancellationToken cancellationToken)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        Putter<TKey, TValue>.RequireValue(value);
        return putter.PutAsync(key, value, options, cancellationToken);
    }

    private static Task<PutResult> RemoveOneAsync<TKey, TValue>(
        Putter<TKey, TValue> putter, TKey key, PutOptions options, CancellationToken cancellationToken)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        return putter.RemoveAsync(key, options, cancellationToken);
    }

    private static bool IsQueueFull(PutAttempt attempt) =>
        attempt.Error?.InnerException is KafkaException { Error.Code: ErrorCode.Local_QueueFull };

    private static async Task<PutAttempt> AttemptAsync<TEntry>(TEntry entry, Func<TEntry, Task<PutResult>> putAsync, SemaphoreSlim room)
    {
        try
        {
            return new PutAttempt(await putAsync(entry).ConfigureAwait(false), Error: null);
        }
        catch (PutException failed)
        {
            return new PutAttempt(failed.Result, failed);
        }
        catch (Exception notSent)
        {
            return new PutAttempt(
                Result: null, new PutException($"Nothing was sent: {notSent.Message}", PutOutcome.NotCommitted, innerException: notSent));
        }
        finally
        {
            room.Release();
        }
    }
}
