using System.Runtime.CompilerServices;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;

namespace KafkaCaching.Replay.Applying;

/// <summary>Stores the bytes of each record unchanged: the record is the entry, and nothing is decoded.</summary>
internal class ByteApplier(IStateStore store, EntryRules? entries = null) : RecordApplier(store, entries)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(in SourceRecord record)
    {
        RequireKey(record);
        if (record.IsTombstone)
        {
            Remove(record.Key, MetadataOf(record));
            return;
        }

        var content = ContentOf(record, out var metadata);
        Set(record, record.Key, metadata, content);
    }
}
