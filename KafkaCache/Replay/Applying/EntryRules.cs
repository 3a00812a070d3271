using System.Runtime.CompilerServices;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Applying;

/// <summary>Creates the entry of a record in a cache whose entries expire or keep headers. The class is used only on the replay
/// thread.</summary>
internal sealed class EntryRules(ExpiryRule? expiry, HeaderKeeper? headers)
{
    /// <param name="record">The record.</param>
    /// <param name="metadata">The metadata of the entry, which the method completes.</param>
    /// <returns>The content of the entry, valid until the next call.</returns>
    /// <exception cref="RecordErrorException">A header can't be used.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<byte> Apply(in SourceRecord record, scoped ref EntryMetadata metadata)
    {
        ushort headerBytes = 0;
        var content = headers is null ? record.Value : headers.ContentOf(record, out headerBytes);
        metadata = metadata with { Deadline = expiry?.DeadlineOf(record) ?? default, HeaderBytes = headerBytes };
        return content;
    }
}
