namespace KafkaCaching.Jobs.Tables;

/// <summary>How the topics of this package are cached: as the bytes that they are.</summary>
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
