using System.Text;

namespace KafkaCaching.Tests.Docs;

/// <summary>A C# code block in the documentation.</summary>
public sealed record Snippet(string File, int Line, string Code)
{
    private const string Opening = "```csharp";
    private const string Closing = "```";

    private const string WebUsings = """
        global using System.Net.Http.Json;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    public static IEnumerable<Snippet> In(string root, string file)
    {
        StringBuilder? code = null;
        var line = 0;
        var opened = 0;
        foreach (var text in System.IO.File.ReadLines(Path.Combine(root, file)))
        {
            line++;
            if (code is null && text.TrimStart().StartsWith(Opening, StringComparison.Ordinal))
            {
                code = new StringBuilder();
                opened = line;
            }
            else if (code is not null && text.TrimStart().StartsWith(Closing, StringComparison.Ordinal))
            {
                yield return new Snippet(file, opened, code.ToString());
                code = null;
            }
            else
            {
                code?.AppendLine(text);
            }
        }
    }

    /// <summary>Whether the snippet is a complete program, with its own usings and types.</summary>
    public bool IsProgram => Code.StartsWith("using ", StringComparison.Ordinal);

    /// <summary>The program with the implicit usings of a new project, or of a web project if it is one.</summary>
    public string AsProgram() => $"""
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        {(Code.Contains("WebApplication.", StringComparison.Ordinal) ? WebUsings : "")}
        #nullable enable
        #line {Line + 1} "{File}"
        {Code}
        """;

    /// <summary>The snippet as the body of a method, with the declarations that it takes for granted: the sample's types and an
    /// <c>id</c>.</summary>
    public string AsSource(int number) => $$"""
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;
        using Confluent.Kafka;
        using KafkaCaching;
        using KafkaCaching.Testing;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.Extensions.DependencyInjection;

        #nullable enable

        namespace Snippets
        {
            file sealed record User(Guid Id, string Email, string DisplayName, string[] Groups);

            internal static class Snippet{{number}}
            {
                public static async Task RunAsync(Guid id)
                {
                    await Task.CompletedTask;
        #line {{Line + 1}} "{{File}}"
        {{Code}}
        #line default
                }
            }
        }
        """;
}
