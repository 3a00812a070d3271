using System.Diagnostics;
using System.Runtime.CompilerServices;
using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Waiting;

namespace KafkaCaching.Puts;

/// <summary>Executes the steps of a put: it validates the value, encodes the record, produces it, waits for the outcome and, if requested,
/// waits until the record is applied.</summary>
internal sealed class Putter<TKey, TValue>(
    string name, RecordProducer producer, Codec<TKey> keys, Codec<TValue> values, Func<TKey, TValue, bool>? validate, RecordCheck check,
    AppliedWait applied, TimeSpan timeout, TimeProvider time, CacheDurations durations, CacheTracing tracing) : IDisposable
    where TKey : notnull
{
    private static readonly TimeSpan FullQueuePause = TimeSpan.FromMilliseconds(5);

    /// <exception cref="ArgumentNullException">There is no value.</exception>
    public static void RequireValue(TValue value)
    {
        if (value is null)
            throw new ArgumentNullException(nameof(value), "A null value is a tombstone: call Remove for it.");
    }

    public PutResult Put(TKey key, TValue value, PutOptions options)
    {
        Validate(key, value);
        return Deliver(EncodeKey(key), EncodeValue(value), options);
    }

    public PutResult Remove(TKey key, PutOptions options) => Deliver(EncodeKey(key), value: null, options);

    // Unless they have to wait for room in the producer's queue, both methods pass the record to the producer before their first await,
    // which preserves the caller's order. They report a refusal through their task.

    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">How to write, and what to wait for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="handedOver">Set for one of many puts. While the producer's queue is full, such a put waits for room. The source is
    /// completed when the put's record has been passed to the producer, and never if the put is refused.</param>
    [AsyncMethodBuilder(typeof(QuietTaskMethodBuilder<>))]
    public async Task<PutResult> PutAsync(
        TKey key, TValue value, PutOptions options, CancellationToken cancellationToken, TaskCompletionSource? handedOver = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Validate(key, value);
        return await DeliverAsync(EncodeKey(key), EncodeValue(value), options, handedOver, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="PutAsync"/>
    [AsyncMethodBuilder(typeof(QuietTaskMethodBuilder<>))]
    public async Task<PutResult> RemoveAsync(
        TKey key, PutOptions options, CancellationToken cancellationToken, TaskCompletionSource? handedOver = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await DeliverAsync(EncodeKey(key), value: null, options, handedOver, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => producer.Dispose();

    private void Validate(TKey key, TValue value)
    {
        if (validate is null)
            return;
        bool good;
        try
        {
            good = validate(key, value);
        }
        catch (Exception refusal)
        {
            throw new PutException(
                "ValidatePut refused the put by throwing; see the inner exception. Nothing was sent.", PutOutcome.NotCommitted,
                innerException: refusal)
            {
                Refusal = PutRefusal.Validation,
            };
        }

        if (!good)
            throw new PutException(
                "ValidatePut refused the put. Nothing was sent.", PutOutcome.NotCommitted) { Refusal = PutRefusal.Validation };
    }

    private byte[] EncodeKey(TKey key) => Encode(keys, key, "key");

    private byte[] EncodeValue(TValue value) => Encode(values, value, "value");

    private static byte[] Encode<T>(Codec<T> codec, T part, string what)
    {
        try
        {
            return codec.Encode(part);
        }
        catch (Exception failure)
        {
            throw new PutException(
                $"The {what} could not be encoded; see the inner exception. Nothing was sent.", PutOutcome.NotCommitted,
                innerException: failure);
        }
    }

    private PendingPut Send(byte[] key, byte[]? value, PutOptions options, Activity? span)
    {
        try
        {
            return producer.Send(key, value, HeadersOf(key, value, options, span));
        }
        catch (PutException refused)
        {
            NotHandedOver(refused, durations.Begin(), span);
            throw;
        }
    }

    // Only the call to the producer is repeated. Validators and serializers are the user's code, which may be slow or have side effects.
    private async Task<PendingPut> SendWhenThereIsRoomAsync(
        byte[] key, byte[]? value, PutOptions options, Activity? span, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var headers = HeadersOf(key, value, options, span);
            while (true)
            {
                try
                {
                    return producer.Send(key, value, headers);
                }
                catch (PutException full) when (IsQueueFull(full) && time.GetElapsedTime(started) <= timeout)
                {
                    // The client does not signal when its queue has room again. Everything in the queue now is settled within the time-out
                    // of a put.
                    await Task.Delay(FullQueuePause, time, CancellationToken.None).ConfigureAwait(false);
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (PutException refused)
        {
            NotHandedOver(refused, started, span);
            throw;
        }
        catch (OperationCanceledException ended)
        {
            CacheTracing.NotCommitted(span, PutOutcome.NotCommitted, ended.Message);
            throw;
        }
    }

    private static bool IsQueueFull(PutException refused) =>
        refused.InnerException is KafkaException { Error.Code: ErrorCode.Local_QueueFull };

    private Headers? HeadersOf(byte[] key, byte[]? value, PutOptions options, Activity? span)
    {
        check.RequireExpiry(options);
        // If a sampler drops the span, the current context is propagated instead, as HttpClient does.
        var headers = RecordHeaders.Of(options, CacheTracing.IsOn ? span ?? Activity.Current : null);
        check.RequireUsable(key, value, headers);
        return headers;
    }

    private PutResult Deliver(byte[] key, byte[]? value, PutOptions options)
    {
        var before = options.Wait == PutWait.Applied ? applied.AppliedSoFar() : null;
        var result = Acknowledged(key, value, options);
        if (options.Wait == PutWait.Applied)
        {
            try
            {
                applied.RequireSameLog(result.Position, before);
                applied.Wait(result.Position);
            }
            catch (Exception ended)
            {
                throw CommittedOnly(result, ended);
            }
        }

        return result;
    }

    private async Task<PutResult> DeliverAsync(
        byte[] key, byte[]? value, PutOptions options, TaskCompletionSource? handedOver, CancellationToken cancellationToken)
    {
        var before = options.Wait == PutWait.Applied ? applied.AppliedSoFar() : null;
        var result = await AcknowledgedAsync(key, value, options, handedOver, cancellationToken).ConfigureAwait(false);
        if (options.Wait == PutWait.Applied)
        {
            try
            {
                applied.RequireSameLog(result.Position, before);
                await applied.WaitAsync(result.Position, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception ended)
            {
                throw CommittedOnly(result, ended);
            }
        }

        return result;
    }

    private PutResult Acknowledged(byte[] key, byte[]? value, PutOptions options)
    {
        using var span = tracing.StartSend(isTombstone: value is null);
        var put = Send(key, value, options, span.Activity);
        var begun = durations.Begin();
        try
        {
            // The sweep of the puts in flight would do this too. But it needs a thread from the pool, and blocked callers may have left
            // none free.
            if (!put.Outcome.Wait(producer.AnswerTimeout, time))
                put.Settle(PendingPut.Unanswered(cause: null));
            return Committed(put.Outcome.Result, begun, span.Activity);
        }
        catch (PutException failed)
        {
            NotCommitted(failed, begun, span.Activity);
            throw;
        }
    }

    private async Task<PutResult> AcknowledgedAsync(
        byte[] key, byte[]? value, PutOptions options, TaskCompletionSource? handedOver, CancellationToken cancellationToken)
    {
        using var span = tracing.StartSend(isTombstone: value is null);
        var put = handedOver is null
            ? Send(key, value, options, span.Activity)
            : await SendWhenThereIsRoomAsync(key, value, options, span.Activity, cancellationToken).ConfigureAwait(false);
        handedOver?.TrySetResult();
        var begun = durations.Begin();
        try
        {
            return Committed(await put.Outcome.Task.WaitAsync(cancellationToken).ConfigureAwait(false), begun, span.Activity);
        }
        catch (PutException failed)
        {
            NotCommitted(failed, begun, span.Activity);
            throw;
        }
        catch (OperationCanceledException ended)
        {
            var unanswered = PendingPut.Unanswered(ended);
            NotCommitted(unanswered, begun, span.Activity);
            throw unanswered;
        }
    }

    private PutResult Committed(PutResult result, long begun, Activity? span)
    {
        durations.EndPut(begun, PutOutcome.Committed);
        CacheTracing.Committed(span, result.Partition, result.Offset);
        WrittenPositions.Note(name, result.Position);
        return result;
    }

    // A put that does not reach the producer counts as failed, unless it was refused because of its content.
    private void NotHandedOver(PutException refused, long begun, Activity? span)
    {
        if (refused.Refusal is null)
            durations.EndPut(begun, refused.Outcome);
        CacheTracing.NotCommitted(span, refused.Outcome, refused.Message);
    }

    private void NotCommitted(PutException failed, long begun, Activity? span)
    {
        durations.EndPut(begun, failed.Outcome);
        CacheTracing.NotCommitted(span, failed.Outcome, failed.Message);
    }

    private static PutException CommittedOnly(PutResult result, Exception ended) => new(
        $"The record is in the log at {result.Position}, but the wait until it is readable here ended: {ended.Message}",
        PutOutcome.Committed, result, ended);
}
