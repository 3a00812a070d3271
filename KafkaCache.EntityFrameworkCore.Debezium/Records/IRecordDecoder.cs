namespace KafkaCaching.EntityFrameworkCore.Debezium.Records;

/// <summary>Reads the bytes of keys and values. A struct becomes a dictionary, a whole number a <see cref="long"/>, a text a
/// <see cref="string"/>, and a Boolean value a <see cref="bool"/>. Other values may become objects of any type.</summary>
internal interface IRecordDecoder
{
    /// <returns>The fields of the struct; <see langword="null"/> if the bytes don't contain one.</returns>
    /// <exception cref="FormatException">The bytes can't be read.</exception>
    Task<IReadOnlyDictionary<string, object?>?> DecodeAsync(byte[] bytes, bool isKey, string topic);
}
