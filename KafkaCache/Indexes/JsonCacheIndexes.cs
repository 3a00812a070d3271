using KafkaCaching.Indexes;

namespace KafkaCaching;

/// <summary>Adds indexes to a cache whose values are JSON as bytes. The terms come from a property that is read without decoding the whole
/// value.</summary>
public static class JsonCacheIndexes
{
    /// <summary>Adds a unique index on a JSON property.</summary>
    /// <inheritdoc cref="AddJson" path="/remarks"/>
    /// <param name="indexes">The indexes of the cache's options.</param>
    /// <param name="name">The name of the index.</param>
    /// <param name="property">The name of the property, or a path such as <c>address.city</c> to a property of a nested object.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The name of a property is empty.</exception>
    public static CacheIndex<string> AddUniqueJson(this CacheIndexes<byte[]> indexes, string name, string property)
    {
        ArgumentNullException.ThrowIfNull(indexes);
        var path = new JsonPath(property);
        return indexes.AddUnique(name, value => path.TermsOf(value).FirstOrDefault()!);
    }

    /// <summary>Adds an index on a JSON property. If the property is an array, each of its elements is a term.</summary>
    /// <remarks>Each term is a string: the content of a JSON string, or a number, <c>true</c> or <c>false</c> as it is written. An entry
    /// whose property is missing, <c>null</c> or an object is not in the index. A record whose value is not valid JSON up to the property
    /// is a record error (<see cref="RecordErrorReason.SelectorThrew"/>).</remarks>
    /// <param name="indexes">The indexes of the cache's options.</param>
    /// <param name="name">The name of the index.</param>
    /// <param name="property">The name of the property, or a path such as <c>address.city</c> to a property of a nested object.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The name of a property is empty.</exception>
    public static CacheIndex<string> AddJson(this CacheIndexes<byte[]> indexes, string name, string property)
    {
        ArgumentNullException.ThrowIfNull(indexes);
        var path = new JsonPath(property);
        return indexes.Add(name, path.TermsOf);
    }
}
