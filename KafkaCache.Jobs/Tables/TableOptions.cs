namespace KafkaCaching.Jobs.Tables;

/// <summary>The options for caching the topics of this package, whose keys and values are kept as bytes.</summary>
internal static class TableOptions
{
    public static void ApplyTo(KafkaCacheOptions<string, TableValue> table)
    {
        var codec = new TableCodec();
        (table.KeySerializer, table.KeyDeserializer) = (codec, codec);
        (table.ValueSerializer, table.ValueDeserializer) = (codec, codec);
        table.ReadOnly = false;
        table.ReuseInstances = false;
        table.OnRecordError = RecordErrorPolicy.Skip;
        table.ReadBeforeReady = false;
    }
}
