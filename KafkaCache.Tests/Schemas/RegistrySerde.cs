using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;

namespace KafkaCaching.Tests.Schemas;

/// <summary>A serializer and a deserializer as Confluent's are: asynchronous, with a cache of the schemas they have asked the registry for.</summary>
internal sealed class RegistrySerde<T>(FakeRegistry registry, int id, Func<T, byte[]> write, Func<ReadOnlyMemory<byte>, T> read) : IAsyncSerializer<T>, IAsyncDeserializer<T>
{
    private readonly ConcurrentDictionary<string, bool> _fetched = new(StringComparer.Ordinal);
    private bool _isRegistered;

    public ISerializer<T> Serializer => ((IAsyncSerializer<T>)this).AsSyncOverAsync();

    public IDeserializer<T> Deserializer => ((IAsyncDeserializer<T>)this).AsSyncOverAsync();

    /// <summary>Whether the schema goes into a header, as Confluent's <c>SchemaIdSerializerStrategy.Header</c> has it.</summary>
    public bool UsesHeader { get; init; }

    public async Task<byte[]> SerializeAsync(T data, SerializationContext context)
    {
        if (!_isRegistered)
            await registry.RegisterAsync(FakeRegistry.Name(id));
        _isRegistered = true;
        if (!UsesHeader)
            return WireFormat.WithId(id, write(data));
        context.Headers.Add(context.Component == MessageComponentType.Key ? "__key_schema_id" : "__value_schema_id", WireFormat.Prefix(Guid.NewGuid()));
        return write(data);
    }

    public async Task<T> DeserializeAsync(ReadOnlyMemory<byte> data, bool isNull, SerializationContext context)
    {
        var schema = WireFormat.ReadSchema(data.Span, out var rest);
        var content = data[^WireFormat.SkipMessageIndexes(rest).Length..];
        if (!_fetched.ContainsKey(schema))
            await registry.FetchAsync(schema);
        _fetched[schema] = true;
        return read(content);
    }
}
