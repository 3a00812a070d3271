using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Encodings.Json;

/// <summary>The contracts that one set of JSON options yields, and their codecs. The options are copied: the user's instance is not
/// modified, and later changes to it have no effect.</summary>
internal sealed class JsonContracts
{
    private readonly JsonSerializerOptions _options;
    private readonly ConcurrentDictionary<Type, object> _codecs = new();

    public JsonContracts(JsonSerializerOptions options)
    {
        _options = Lenient(options);
        _options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver())
            .WithAddedModifier(DerivedInstances.RefuseWhereMembersAreLost);
        _options.MakeReadOnly();
    }

    /// <summary>The contracts that are used by default to encode values.</summary>
    public static JsonContracts BuiltIn { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        MaxDepth = 64,
    });

    /// <summary>Returns the same contract, except that it finds a type discriminator at any position. JSON defines no order of members, and
    /// other platforms may write the discriminator last. A contract that was built by hand can't be re-created, so it is returned
    /// unchanged.</summary>
    public static JsonTypeInfo<T> Lenient<T>(JsonTypeInfo<T> given)
    {
        given.MakeReadOnly();
        return !given.Options.AllowOutOfOrderMetadataProperties
            && given.Options.TryGetTypeInfo(typeof(T), out var own) && ReferenceEquals(own, given)
            ? (JsonTypeInfo<T>)Lenient(given.Options).GetTypeInfo(typeof(T))
            : given;
    }

    /// <exception cref="NotSupportedException">JSON can't hold the type.</exception>
    /// <exception cref="InvalidOperationException">The type's JSON attributes contradict each other.</exception>
    public JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T));

    /// <inheritdoc cref="Of"/>
    public Codec<T> Codec<T>() =>
        (Codec<T>)(_codecs.TryGetValue(typeof(T), out var made) ? made : _codecs.GetOrAdd(typeof(T), new JsonCodec<T>(Of<T>(), this)));

    private static JsonSerializerOptions Lenient(JsonSerializerOptions options) =>
        new(options) { AllowOutOfOrderMetadataProperties = true };
}
