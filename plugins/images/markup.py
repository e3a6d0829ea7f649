"""The Markdown extension that puts ``<picture>`` where a text shows a picture."""

import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from plugins.images.picture import Pictures, Unfit

LAST = 5  # priority among the treeprocessors: links and emphasis are done


class Images(Extension):
    """Of these pictures."""

    def __init__(self, pictures: Pictures):
        super().__init__()
        self._pictures = pictures

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Images(md, self._pictures), "images", LAST)


class _Images(Treeprocessor):
    def __init__(self, md: Markdown, pictures: Pictures):
        super().__init__(md)
        self._pictures = pictures

    def run(self, root: etree.Element) -> None:
        first = True
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                if child.tag != "img":
                    continue
                try:
                    picture = self._pictures.use(child.get("src", ""))
                except Unfit:  # a fault, told elsewhere; the build stops
                    continue
                whole = picture.element(child.get("alt", ""), first=first)
                whole.tail, first = child.tail, False
                parent[place] = whole
