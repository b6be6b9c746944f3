"""Small networks with the heads of the YOLO families, written from the published formulas, with random weights.

They stand in for stock exports: anchors and grid (v3 to v7), distribution focal loss (v8), attention (v11), and the
end-to-end head with its TopK (v10). Decoding is part of each, as exporters write it.
"""
import torch
from torch import nn


class Conv(nn.Module):
    """Convolution, batch norm, SiLU."""

    def __init__(self, c_in, c_out, k=1, s=1, g=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, k, s, k // 2, groups=g, bias=False)
        self.bn = nn.BatchNorm2d(c_out)
        self.act = nn.SiLU() if act else nn.Identity()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class Bottleneck(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.cv1 = Conv(c, c, 3)
        self.cv2 = Conv(c, c, 3)

    def forward(self, x):
        return x + self.cv2(self.cv1(x))


class C2f(nn.Module):
    """Split in two, bottlenecks on the second half, all intermediate results concatenated."""

    def __init__(self, c_in, c_out):
        super().__init__()
        self.c = c_out // 2
        self.cv1 = Conv(c_in, c_out)
        self.m = nn.ModuleList([Bottleneck(self.c) for _ in range(2)])
        self.cv2 = Conv(4 * self.c, c_out)

    def forward(self, x):
        y = list(self.cv1(x).chunk(2, 1))
        for m in self.m:
            y.append(m(y[-1]))
        return self.cv2(torch.cat(y, 1))


class Sppf(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.cv1 = Conv(c, c // 2)
        self.cv2 = Conv(c * 2, c)
        self.m = nn.MaxPool2d(5, 1, 2)

    def forward(self, x):
        x = self.cv1(x)
        y1 = self.m(x)
        y2 = self.m(y1)
        return self.cv2(torch.cat([x, y1, y2, self.m(y2)], 1))


class Attention(nn.Module):
    """Multi-head attention over the pixels, with a depthwise convolution as position code."""

    def __init__(self, c, heads=2):
        super().__init__()
        self.heads = heads
        self.head_dim = c // heads
        self.key_dim = self.head_dim // 2
        self.qkv = Conv(c, c + 2 * self.key_dim * heads, act=False)
        self.proj = Conv(c, c, act=False)
        self.pe = Conv(c, c, 3, g=c, act=False)

    def forward(self, x):
        b, c, h, w = x.shape
        n = h * w
        qkv = self.qkv(x).view(b, self.heads, self.key_dim * 2 + self.head_dim, n)
        q, k, v = qkv.split([self.key_dim, self.key_dim, self.head_dim], dim=2)
        attention = (q.transpose(-2, -1) @ k) * self.key_dim**-0.5
        attention = attention.softmax(dim=-1)
        x = (v @ attention.transpose(-2, -1)).view(b, c, h, w) + self.pe(v.reshape(b, c, h, w))
        return self.proj(x)


class AttentionBlock(nn.Module):
    """Half of the channels pass attention and a feed-forward pair, both residual."""

    def __init__(self, c):
        super().__init__()
        self.c = c // 2
        self.cv1 = Conv(c, c)
        self.attention = Attention(self.c)
        self.ffn = nn.Sequential(Conv(self.c, self.c * 2), Conv(self.c * 2, self.c, act=False))
        self.cv2 = Conv(c, c)

    def forward(self, x):
        a, b = self.cv1(x).split((self.c, self.c), dim=1)
        b = b + self.attention(b)
        b = b + self.ffn(b)
        return self.cv2(torch.cat((a, b), 1))


class Backbone(nn.Module):
    """Two scales (strides 8 and 16) with a top-down path."""

    def __init__(self, attention=False):
        super().__init__()
        self.stem = nn.Sequential(Conv(3, 8, 3, 2), Conv(8, 16, 3, 2), C2f(16, 16))
        self.p3 = nn.Sequential(Conv(16, 32, 3, 2), C2f(32, 32))
        self.p4 = nn.Sequential(Conv(32, 64, 3, 2), C2f(64, 64), Sppf(64), AttentionBlock(64) if attention else nn.Identity())
        self.up = nn.Upsample(None, 2, "nearest")
        self.merge = C2f(96, 32)

    def forward(self, x):
        p3 = self.p3(self.stem(x))
        p4 = self.p4(p3)
        return [self.merge(torch.cat([self.up(p4), p3], 1)), p4]


STRIDES = (8.0, 16.0)
CHANNELS = (32, 64)
CLASSES = 7


class AnchorHead(nn.Module):
    """Three anchors a cell. v3: exp of width and height; v5: (2 sigmoid)^2."""

    def __init__(self, exponential):
        super().__init__()
        self.exponential = exponential
        self.no = CLASSES + 5
        self.m = nn.ModuleList([nn.Conv2d(c, self.no * 3, 1) for c in CHANNELS])
        anchors = torch.tensor([[[10, 13], [16, 30], [33, 23]], [[30, 61], [62, 45], [59, 119]]], dtype=torch.float32)
        self.register_buffer("anchors", anchors)

    def forward(self, features):
        rows = []
        for i, x in enumerate(features):
            x = self.m[i](x)
            bs, _, ny, nx = x.shape
            x = x.view(bs, 3, self.no, ny, nx).permute(0, 1, 3, 4, 2).contiguous()
            yv, xv = torch.meshgrid([torch.arange(ny), torch.arange(nx)], indexing="ij")
            grid = torch.stack((xv, yv), 2).view(1, 1, ny, nx, 2).float()
            anchors = self.anchors[i].view(1, 3, 1, 1, 2)
            if self.exponential:
                xy = (x[..., 0:2].sigmoid() + grid) * STRIDES[i]
                wh = x[..., 2:4].exp() * anchors
                rows.append(torch.cat((xy, wh, x[..., 4:].sigmoid()), -1).view(bs, -1, self.no))
            else:
                xy, wh, conf = x.sigmoid().split((2, 2, CLASSES + 1), 4)
                xy = (xy * 2 - 0.5 + grid) * STRIDES[i]
                wh = (wh * 2) ** 2 * anchors
                rows.append(torch.cat((xy, wh, conf), 4).view(bs, 3 * ny * nx, self.no))
        return torch.cat(rows, 1)


class DistributionHead(nn.Module):
    """16 bins a side of the box; their softmax is averaged by a 1x1 convolution. topk: the end-to-end form of v10."""

    def __init__(self, topk=0):
        super().__init__()
        self.reg_max = 16
        self.topk = topk
        self.cv2 = nn.ModuleList([nn.Sequential(Conv(c, 16, 3), nn.Conv2d(16, 4 * self.reg_max, 1)) for c in CHANNELS])
        self.cv3 = nn.ModuleList(
            [nn.Sequential(Conv(c, c, 3, g=c), Conv(c, 16, 1), nn.Conv2d(16, CLASSES, 1)) for c in CHANNELS]
        )
        self.dfl = nn.Conv2d(self.reg_max, 1, 1, bias=False)
        self.dfl.weight.data[:] = torch.arange(self.reg_max, dtype=torch.float32).view(1, self.reg_max, 1, 1)

    def forward(self, features):
        x = [torch.cat((self.cv2[i](f), self.cv3[i](f)), 1) for i, f in enumerate(features)]
        points, strides = [], []
        for i, f in enumerate(features):
            h, w = f.shape[2:]
            sy, sx = torch.meshgrid(torch.arange(h) + 0.5, torch.arange(w) + 0.5, indexing="ij")
            points.append(torch.stack((sx, sy), -1).view(-1, 2))
            strides.append(torch.full((h * w, 1), STRIDES[i]))
        points, strides = torch.cat(points).transpose(0, 1), torch.cat(strides).transpose(0, 1)
        no = CLASSES + 4 * self.reg_max
        box, cls = torch.cat([xi.view(xi.shape[0], no, -1) for xi in x], 2).split((4 * self.reg_max, CLASSES), 1)
        b, _, a = box.shape
        distance = self.dfl(box.view(b, 4, self.reg_max, a).transpose(2, 1).softmax(1)).view(b, 4, a)
        lt, rb = distance.chunk(2, 1)
        x1y1, x2y2 = points.unsqueeze(0) - lt, points.unsqueeze(0) + rb
        if not self.topk:
            box = torch.cat(((x1y1 + x2y2) / 2, x2y2 - x1y1), 1) * strides
            return torch.cat((box, cls.sigmoid()), 1)
        boxes = (torch.cat((x1y1, x2y2), 1) * strides).transpose(1, 2)
        scores = cls.sigmoid().transpose(1, 2)
        index = scores.amax(dim=-1).topk(self.topk)[1].unsqueeze(-1)
        boxes = boxes.gather(1, index.repeat(1, 1, 4))
        scores = scores.gather(1, index.repeat(1, 1, CLASSES))
        scores, index = scores.flatten(1).topk(self.topk)
        rows = torch.arange(b)[..., None]
        return torch.cat([boxes[rows, index // CLASSES], scores[..., None], (index % CLASSES)[..., None].float()], -1)


class Yolo(nn.Module):
    def __init__(self, head, attention=False):
        super().__init__()
        self.backbone = Backbone(attention)
        self.head = head

    def forward(self, x):
        return self.head(self.backbone(x))


def networks():
    """name → (network, input size, whether to export with dynamic axes)"""
    return {
        "yolov3": (lambda: Yolo(AnchorHead(exponential=True)), 96, False),
        "yolov5": (lambda: Yolo(AnchorHead(exponential=False)), 96, False),
        "yolov5_dynamic": (lambda: Yolo(AnchorHead(exponential=False)), 96, True),
        "yolov8": (lambda: Yolo(DistributionHead()), 96, False),
        "yolov8_dynamic": (lambda: Yolo(DistributionHead()), 96, True),
        "yolov10": (lambda: Yolo(DistributionHead(topk=20)), 96, False),
        "yolo11": (lambda: Yolo(DistributionHead(), attention=True), 96, False),
    }
