using KafkaCaching.Encodings;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Views;

/// <summary>Compares keys. Byte arrays are compared by their content, because every change and every value has its own array.</summary>
internal static class KeyEquality<TKey>
{
    private static readonly IEqualityComparer<TKey>? ByContent =
        ByteComparer.Instance as IEqualityComparer<TKey> ?? (ComparesIdentity(typeof(TKey)) ? null : EqualityComparer<TKey>.Default);

    /// <exception cref="NotSupportedException">Two decoded instances of a key would not be equal.</exception>
    public static IEqualityComparer<TKey> Comparer => ByContent ?? throw new NotSupportedException(
        $"The watch of a view compares keys, and {TypeText.Of(typeof(TKey))} doesn't implement equality, so a key would never equal the "
        + "same key in another record. Override Equals and GetHashCode, or make the type a record.");

    private static bool ComparesIdentity(Type type) =>
        type is { IsClass: true, IsAbstract: false }
        && !type.IsAssignableTo(typeof(IEquatable<TKey>))
        && type.GetMethod(nameof(Equals), [typeof(object)])?.DeclaringType == typeof(object);
}
