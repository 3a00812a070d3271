namespace KafkaCaching.EntityFrameworkCore.Debezium.Records;

/// <summary>Decodes the bytes of keys and values. Structs become dictionaries, and whole numbers, strings and Boolean values become
/// <see cref="long"/>, <see cref="string"/> and <see cref="bool"/>. Other values may become objects of any type.</summary>
internal interface IRecordDecoder
{
    /// <returns>The fields of the struct; <see langword="null"/> if the bytes don't contain one.</returns>
    /// <exception cref="FormatException">The bytes can't be read.</exception>
    Task<IReadOnlyDictionary<string, object?>?> DecodeAsync(byte[] bytes, bool isKey, string topic);
}
