using System.Text.RegularExpressions;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Documents;

/// <summary>What documents of the repository link to in it is there: the file, and the heading.</summary>
public partial class LinksTests
{
    public static TheoryData<string> Documents() =>
    [
        "README.md", "CHANGELOG.md", Path.Combine("bench", "README.md"), Path.Combine("tests", "Teeth", "results.md"),
        .. Directory.EnumerateFiles(Path.Combine(DiagnosticsDocument.Root, "docs"), "*.md").Select(file => Path.Combine("docs", Path.GetFileName(file))),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_somewhere(string document)
    {
        string path = Path.Combine(DiagnosticsDocument.Root, document), text = File.ReadAllText(path);
        Assert.All(Link().Matches(text), link =>
        {
            string target = link.Groups["path"].Value is { Length: > 0 } file ? Path.Combine(Path.GetDirectoryName(path)!, file) : path;
            Assert.True(Path.Exists(target), $"{document} links to {link.Groups["path"].Value}, which is not there");
            if (link.Groups["heading"].Value is { Length: > 0 } heading)
                Assert.Contains(heading, Anchors(File.ReadAllText(target)));
        });
    }

    private static IEnumerable<string> Anchors(string markdown) =>
        Heading().Matches(markdown).Select(match => NotInAnchors().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'))
            .Concat(Id().Matches(markdown).Select(match => match.Groups["id"].Value));

    [GeneratedRegex(@"\]\((?![a-z]+:)(?<path>[^)#]*)(?:#(?<heading>[^)]*))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("<a id=\"(?<id>[^\"]*)\"></a>")]
    private static partial Regex Id();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
