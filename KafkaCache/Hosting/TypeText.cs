namespace KafkaCaching.Hosting;

/// <summary>A type as C# writes it.</summary>
internal static class TypeText
{
    public static string Of(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
        : type.Name;
}
