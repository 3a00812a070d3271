using System.Runtime.CompilerServices;
using KafkaCaching.Waiting;

namespace KafkaCaching.Puts;

/// <summary>Runs many puts concurrently. They are passed to the producer in order, each has its own outcome, and the number in flight is
/// limited so that they fit into the producer's queue.</summary>
internal static class PutMany
{
    private const int MaxInFlight = 10_000;

    public static Task<IReadOnlyList<PutAttempt>> RunAsync<TKey, TValue>(
        Putter<TKey, TValue> putter, IEnumerable<KeyValuePair<TKey, TValue>> entries, PutOptions options,
        CancellationToken cancellationToken)
        where TKey : notnull =>
        RunAsync(entries, (entry, handedOver) => PutOneAsync(putter, entry.Key, entry.Value, options, handedOver, cancellationToken));

    public static Task<IReadOnlyList<PutAttempt>> RemoveAsync<TKey, TValue>(
        Putter<TKey, TValue> putter, IEnumerable<TKey> keys, PutOptions options, CancellationToken cancellationToken)
        where TKey : notnull =>
        RunAsync(keys, (key, handedOver) => RemoveOneAsync(putter, key, options, handedOver, cancellationToken));

    /// <param name="entries">The entries. They are enumerated once, as room for sending becomes available.</param>
    /// <param name="putAsync">Starts a put, which completes the given source when its record has been passed to the producer.</param>
    [AsyncMethodBuilder(typeof(QuietTaskMethodBuilder<>))]
    private static async Task<IReadOnlyList<PutAttempt>> RunAsync<TEntry>(
        IEnumerable<TEntry> entries, Func<TEntry, TaskCompletionSource, Task<PutResult>> putAsync)
    {
        using var room = new SemaphoreSlim(MaxInFlight);
        var attempts = new List<Task<PutAttempt>>();
        PutAttempt[] settled;
        try
        {
            foreach (var entry in entries)
            {
                // This wait can't be cancelled, because every entry must get its attempt. It is limited, because the puts in flight settle
                // by their own deadlines and make room.
                await room.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                var handedOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var attempt = AttemptAsync(entry, handedOver, putAsync, room);
                attempts.Add(attempt);

                // While the producer's queue is full, the next entry has to wait for this one, because the records must be in the log in
                // the caller's order.
                if (!attempt.IsCompleted && !handedOver.Task.IsCompleted)
                    await Task.WhenAny(attempt, handedOver.Task).ConfigureAwait(false);
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
        Putter<TKey, TValue> putter, TKey key, TValue value, PutOptions options, TaskCompletionSource handedOver,
        CancellationToken cancellationToken)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        Putter<TKey, TValue>.RequireValue(value);
        return putter.PutAsync(key, value, options, cancellationToken, handedOver);
    }

    private static Task<PutResult> RemoveOneAsync<TKey, TValue>(
        Putter<TKey, TValue> putter, TKey key, PutOptions options, TaskCompletionSource handedOver, CancellationToken cancellationToken)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        return putter.RemoveAsync(key, options, cancellationToken, handedOver);
    }

    private static async Task<PutAttempt> AttemptAsync<TEntry>(
        TEntry entry, TaskCompletionSource handedOver, Func<TEntry, TaskCompletionSource, Task<PutResult>> putAsync, SemaphoreSlim room)
    {
        try
        {
            return new PutAttempt(await putAsync(entry, handedOver).ConfigureAwait(false), Error: null);
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
