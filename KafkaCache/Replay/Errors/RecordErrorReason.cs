using System.Text.Json.Serialization;

namespace KafkaCaching;

/// <summary>Why a record could not be used.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordErrorReason>))]
public enum RecordErrorReason
{
    /// <summary>The record has no key, but a compacted topic keeps one value per key.</summary>
    MissingKey,

    /// <summary>The key's bytes can't be decoded as the key type.</summary>
    UndecodableKey,

    /// <summary>The value's bytes can't be decoded as the value type, or are JSON <c>null</c>.</summary>
    UndecodableValue,

    /// <summary><c>ValidateRecord</c> refused the record.</summary>
    RecordRefused,

    /// <summary><c>ValidateMutation</c> refused the change of a key.</summary>
    MutationRefused,

    /// <summary>The resolver threw.</summary>
    ResolverThrew,

    /// <summary>The entry is larger than <c>Store.MaxEntryBytes</c> allows, or the headers that <c>KeepHeaders</c> names are too
    /// large.</summary>
    TooLarge,

    /// <summary>The selector of an index threw.</summary>
    SelectorThrew,

    /// <summary>The record's header <c>kafkacache-ttl</c> is not a number of milliseconds above 0.</summary>
    InvalidTimeToLive,
}
