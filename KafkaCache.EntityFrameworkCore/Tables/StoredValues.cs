using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>The values of properties as the database has them.</summary>
internal static class StoredValues
{
    public static object? Of(IProperty property, object? value) =>
        property.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value;
}
