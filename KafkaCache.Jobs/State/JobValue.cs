using System.Text.Json;
using System.Text.Json.Serialization;

namespace KafkaCaching.Jobs;

/// <summary>A value of a job's state, with the time at which it was set. Immutable.</summary>
public sealed class JobValue
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Creates the value.</summary>
    /// <param name="at">When the value was set.</param>
    /// <param name="value">The value, as JSON.</param>
    [JsonConstructor]
    public JobValue(DateTimeOffset at, JsonElement value) => (At, Value) = (at, value);

    /// <summary>When the value was set, by the clock of the instance that ran the job.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The value, as JSON.</summary>
    public JsonElement Value { get; }

    /// <summary>Reads the value.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <returns>The value.</returns>
    /// <exception cref="JsonException">The value can't be deserialized as <typeparamref name="T"/>.</exception>
    public T? As<T>() => Value.Deserialize<T>(Json);

    internal static JobValue Of<T>(DateTimeOffset at, T value) => new(at, JsonSerializer.SerializeToElement(value, Json));

    internal static byte[] ToBytes(IReadOnlyList<JobValue> values) => JsonSerializer.SerializeToUtf8Bytes(values, Json);

    /// <exception cref="JsonException">The bytes are not values.</exception>
    internal static IReadOnlyList<JobValue> Read(byte[] bytes) => JsonSerializer.Deserialize<List<JobValue>>(bytes, Json) ?? [];
}
