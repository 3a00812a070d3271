using Confluent.Kafka;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Puts;

/// <summary>Refuses puts whose record would be a record error in every cache with the same options. In a cache with the policy <c>Fail</c>,
/// such a record would be a fault.</summary>
internal sealed class RecordCheck(int maxEntryBytes, bool expires, IReadOnlyList<string> keptHeaders)
{
    /// <exception cref="InvalidOperationException">The put has a time to live, but records don't expire.</exception>
    public void RequireExpiry(PutOptions options)
    {
        if (options.TimeToLive is not null && !expires)
            throw new InvalidOperationException(
                "PutOptions.TimeToLive is set, but records of this cache don't expire. Set the option ExpireByHeader, or TimeToLive for "
                + "all of them. Nothing was sent.");
    }

    /// <param name="key">The record's key.</param>
    /// <param name="value">The record's value; <see langword="null"/> for a tombstone, whose headers no cache keeps or reads.</param>
    /// <param name="headers">The record's headers, including those that the put adds, because the option <c>KeepHeaders</c> may name
    /// them.</param>
    /// <exception cref="PutException">The time to live is not valid, or the entry or its kept headers are too large.</exception>
    public void RequireUsable(byte[] key, byte[]? value, Headers? headers)
    {
        if (value is not null)
            RequireTimeToLive(headers);
        RequireRoom(key, value, headers);
    }

    // The caller may pass the header itself.
    private void RequireTimeToLive(Headers? headers)
    {
        if (expires && headers?.TryGetLastBytes(ExpiryRule.Header, out var time) == true && !ExpiryRule.IsTimeToLive(time))
            throw new PutException(
                $"The header {ExpiryRule.Header} is not a number of milliseconds above 0, in decimal digits. Set PutOptions.TimeToLive "
                + "instead. Nothing was sent.",
                PutOutcome.NotCommitted);
    }

    private void RequireRoom(byte[] key, byte[]? value, Headers? headers)
    {
        var kept = value is null ? 0 : RecordHeaders.KeptBytesOf(headers, keptHeaders);
        if (kept > PackedHeaders.MaxBytes)
            throw DeliveryOutcome.TooLargeKeptHeaders(kept, PackedHeaders.MaxBytes);
        var bytes = key.Length + (value?.Length ?? 0) + kept;
        if (bytes > maxEntryBytes)
            throw DeliveryOutcome.TooLargeForStore(bytes, withHeaders: kept > 0, maxEntryBytes);
    }
}
